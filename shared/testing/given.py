"""Given past events, when a command comes, then these events: the specification of a decider."""
# ruff: noqa: S101 - asserting is what a specification does

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from shared.contracts.payload import from_data, to_data
from shared.decide.decider import At, Decider
from shared.errors import Rejected


@dataclass(frozen=True)
class Outcome:
    """What a command brought about: payloads or a refusal."""

    decider: Decider[Any]
    state: Any
    events: tuple[At | Any, ...] = ()
    refused: Rejected | None = None

    def then(self, *expected: Any) -> Any:
        """Expect exactly these payloads, or At(payload, moment) where the moment matters; return the state.

        Every payload has to pass its contract, to survive the log, and to be known to `evolve`.
        """
        assert self.refused is None, f"refused: {self.refused}"
        pairs = zip_longest(self.events, expected)
        assert [*expected] == [_like(e, x) for e, x in pairs if e is not None]
        return self.after()

    def then_nothing(self) -> None:
        """Expect that the command was satisfied already."""
        self.then()

    def then_raises(self, kind: type[Rejected], words: str = "") -> None:
        """Expect a refusal of this kind that says these words."""
        assert self.refused is not None, f"not refused, but {self.events}"
        assert isinstance(self.refused, kind), f"refused by {type(self.refused).__name__}: {self.refused}"
        assert words in str(self.refused)

    def after(self) -> Any:
        """Return the state after the events, having checked each against its contract."""
        state = self.state
        for event in self.events:
            state = self.decider.evolve(state, _checked(self.decider, payload_of(event)))
        return state


@dataclass(frozen=True)
class Given:
    """A decider and what happened so far."""

    decider: Decider[Any]
    past: Sequence[Any] = field(default=())

    def when(self, *commands: Any) -> Outcome:
        """Do the commands in turn; only the events of the last are the outcome."""
        *before, last = commands
        state = self.state()
        for command in before:
            state = self.do(state, command).after()
        return self.do(state, last)

    def state(self) -> Any:
        """Return the state after the past."""
        state = self.decider.initial
        for payload in self.past:
            state = self.decider.evolve(state, _checked(self.decider, payload_of(payload)))
        return state

    def do(self, state: Any, command: Any) -> Outcome:
        """Do one command in a state; a refusal leaves the state as it is."""
        try:
            return Outcome(self.decider, state, tuple(self.decider.decide(state, command)))
        except Rejected as refused:
            return Outcome(self.decider, state, refused=refused)


def given(decider: Decider[Any], *past: Any) -> Given:
    """Start a specification: `given(ORDER, placed).when(ship).then(OrderShipped("1"))`."""
    return Given(decider, past)


def payload_of(event: Any) -> Any:
    """Return the payload without its moment."""
    return event.payload if isinstance(event, At) else event


def _like(event: Any, expected: Any) -> Any:
    """Leave the moment away where the expectation names none."""
    return event if isinstance(expected, At) else payload_of(event)


def _checked(decider: Decider[Any], payload: Any) -> Any:
    contract = next(c for c in decider.contracts() if c.payload is type(payload))
    revived = from_data(contract.payload, contract.check(to_data(payload)))
    assert revived == payload, "the payload does not survive the log"
    return revived
