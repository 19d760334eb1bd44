"""Interaction: one contact with a customer in the front office, in any channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.decide.decider import Decider
from shared.values import Code, Id, Secret, Text, Whole

Kind = Literal[
    "page_view",
    "screen_view",
    "identification",
    "call",
    "visit",
    "message",
    "chat",
    "mention",
    "billing",
    "note",
]


@dataclass(frozen=True, slots=True)
class InteractionRecorded:
    """It happened; `place` is the page, screen, store, network or document."""

    interaction_id: Id
    kind: Kind
    direction: Literal["in", "out", "none"]
    handler: Id | None = None
    duration_s: Whole | None = None
    outcome: Code | None = None
    regarding: Id | None = None
    subject: Secret | None = None
    place: Text | None = None


@dataclass(frozen=True, slots=True)
class RecordInteraction:
    """Record a call, a visit, a message or another contact with a customer."""

    interaction_id: Id
    kind: Kind
    direction: Literal["in", "out", "none"] = "in"
    handler: Id | None = None
    duration_s: Whole | None = None
    outcome: Code | None = None
    regarding: Id | None = None
    subject: Secret | None = None
    place: Text | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """Whether it is recorded."""

    recorded: bool = False


def decide(interaction: Interaction, command: RecordInteraction) -> Sequence[object]:
    """An interaction is recorded once."""
    if interaction.recorded:
        return []
    return [
        InteractionRecorded(
            command.interaction_id,
            command.kind,
            command.direction,
            command.handler,
            command.duration_s,
            command.outcome,
            command.regarding,
            command.subject,
            command.place,
        )
    ]


def evolve(interaction: Interaction, event: object) -> Interaction:
    """Return the interaction after one event."""
    return Interaction(recorded=True) if isinstance(event, InteractionRecorded) else interaction


INTERACTION: Decider[Interaction] = Decider(
    category="interaction",
    service="contacts",
    initial=Interaction(),
    decide=decide,
    evolve=evolve,
    events=(InteractionRecorded,),
    commands={"record": RecordInteraction},
    opens=(RecordInteraction,),
)
