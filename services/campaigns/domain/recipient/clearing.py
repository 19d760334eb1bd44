"""The one thing people decide about a recipient: that a block is lifted."""

from dataclasses import dataclass, field, replace
from typing import Any

from shared.values import FILLED, Id


@dataclass(frozen=True, slots=True)
class ClearRecipient:
    """Write to the person again: the address is good after all."""

    contact_id: Id
    blocked: bool = field(default=True, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class RecipientCleared:
    """Somebody lifted the block after a bounce or a complaint: the person is written to again."""

    contact_id: Id


@dataclass(frozen=True, slots=True)
class Clearing:
    """How many times a block of the person was lifted."""

    times: int = 0


def decide(_: Clearing, command: ClearRecipient) -> list[Any]:
    """Each time is a fact of its own; of a person who is not blocked there is nothing to say."""
    return [RecipientCleared(command.contact_id)] if command.blocked else []


def evolve(state: Clearing, _: Any) -> Clearing:
    """Return the state after the event."""
    return replace(state, times=state.times + 1)
