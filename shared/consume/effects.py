"""What a reaction did to the outside world: at most once per event, and never on replay."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.errors import Error
from shared.events import Event
from shared.events.ids import derived

ENDED = "the process ended in the middle"


class State(StrEnum):
    """How far an effect came. An unknown one may have happened: it is parked and listed, never repeated."""

    STARTED = "started"
    DONE = "done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Effect:
    """One reaction to one event; `note` tells why its outcome is unknown."""

    id: str
    reaction: str
    event_id: str
    state: State
    at: datetime
    note: str = ""


class EffectStore(Protocol):
    """Keeps one document per effect."""

    def insert(self, effect: Effect) -> bool:
        """Store a new effect; False when one with its id is there."""
        ...

    def get(self, effect_id: str) -> Effect | None:
        """Return the effect, or None."""
        ...

    def settle(self, effect: Effect) -> None:
        """Replace the effect with the same id."""
        ...

    def forget(self, effect_id: str) -> None:
        """Remove an effect that certainly did not happen."""
        ...

    def unknown(self, limit: int = 100) -> list[Effect]:
        """Return parked effects, oldest first."""
        ...


class Unsent(Error):
    """Raised by an action that knows for certain that it had no effect: it may be tried again."""


def effect_id(event: Event, reaction: str) -> str:
    """Return the id of the effect that `reaction` has because of `event`."""
    return derived("effect", event.id, reaction)


class EffectLedger:
    """Runs actions at most once (proved by tests/contract/test_effects.py)."""

    def __init__(self, store: EffectStore, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def once(
        self, event: Event, reaction: str, act: Callable[[], None], replay: bool = False
    ) -> State | None:
        """Run `act` unless it ran, may have run, or this is a replay; return the state, None on replay.

        An error of `act` parks the effect, for nobody knows what happened. Raises Unsent as `act` did.
        """
        if replay:
            return None
        effect = Effect(effect_id(event, reaction), reaction, event.id, State.STARTED, self._clock())
        if not self._store.insert(effect):
            return self._met_again(effect.id)
        return self._run(effect, act)

    def _run(self, effect: Effect, act: Callable[[], None]) -> State:
        try:
            act()
        except Unsent:
            self._store.forget(effect.id)
            raise
        except Exception as error:  # whatever it was, the outcome is unknown: parked, listed, counted
            return self._settle(effect, State.UNKNOWN, repr(error))
        return self._settle(effect, State.DONE)

    def _met_again(self, known_id: str) -> State | None:
        effect = self._store.get(known_id)
        if effect is not None and effect.state is State.STARTED:
            return self._settle(effect, State.UNKNOWN, ENDED)
        return effect.state if effect is not None else None

    def _settle(self, effect: Effect, state: State, note: str = "") -> State:
        self._store.settle(replace(effect, state=state, note=note, at=self._clock()))
        return state
