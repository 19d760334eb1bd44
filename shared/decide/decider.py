"""An aggregate as three pure functions and the table of what it knows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.contracts.contract import Contract
from shared.contracts.payload import from_data
from shared.decide.facts import Facts, Name
from shared.events import Event

S = TypeVar("S")
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class At:
    """A decided event that happened at another moment than its command."""

    payload: Any
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The command an aggregate gets when one of its timers runs out; `at` is when it was due."""

    timer: str
    at: datetime


@dataclass(frozen=True)
class Decider(Generic[S]):
    """One aggregate.

    `decide(state, command)` returns new payloads or raises Rejected; a satisfied command returns none.
    `evolve(state, payload)` never refuses. `commands` maps the path segment of each command to its class,
    `upcasters` lift stored data of an older schema: (type, schema) -> function to schema + 1.
    `timers(state)` names what is due when: then `decide` gets Elapsed. `summary(state)` is the line of the
    aggregate in lists, which can be filtered by `filters`; None keeps it out of them. `dated` lists are found
    by when the aggregates began as well.
    `facts` says which commands need to know of other aggregates.
    """

    category: str
    service: str
    initial: S
    decide: Callable[[S, Any], Sequence[Any]]
    evolve: Callable[[S, Any], S]
    events: tuple[type, ...]
    commands: Mapping[str, type] = field(default_factory=dict)
    opens: tuple[type, ...] = ()
    schemas: Mapping[str, int] = field(default_factory=dict)
    upcasters: Mapping[tuple[str, int], Upcast] = field(default_factory=dict)
    timers: Callable[[S], Mapping[str, datetime]] | None = None
    summary: Callable[[S], Mapping[str, Any] | None] | None = None
    filters: tuple[str, ...] = ()
    dated: bool = False
    facts: Mapping[type, Facts] = field(default_factory=dict)

    def needs(self, state: S, command: Any) -> Sequence[Name]:
        """Return the other aggregates a command has to know of."""
        facts = self.facts.get(type(command))
        return facts.needs(state, command) if facts else ()

    def informed(self, command: Any, states: Sequence[Any]) -> Any:
        """Return the command with what it has to know, given the states of what it needs."""
        facts = self.facts.get(type(command))
        return facts.inform(command, states) if facts else command

    def stream(self, key: str) -> str:
        """Return the stream of the aggregate with this id."""
        return f"{self.category}-{key}"

    def schema(self, type_: str) -> int:
        """Return the present schema number of an event type."""
        return self.schemas.get(type_, 1)

    def contracts(self) -> tuple[Contract, ...]:
        """Return the contracts of the events for the catalogue."""
        return tuple(
            Contract(f"rapport.{self.service}.{e.__name__}.v{self.schema(e.__name__)}", self.service, e)
            for e in self.events
        )

    def revive(self, event: Event) -> Any:
        """Return the payload of a recorded event, lifted to the present schema."""
        data = dict(event.data)
        for schema in range(event.schema, self.schema(event.type)):
            data = self.upcasters[event.type, schema](data)
        return from_data(self._classes[event.type], data)

    def fold(self, events: Sequence[Event], state: S | None = None) -> S:
        """Return the state after `events`."""
        folded = self.initial if state is None else state
        for event in events:
            folded = self.evolve(folded, self.revive(event))
        return folded

    @property
    def _classes(self) -> dict[str, type]:
        return {e.__name__: e for e in self.events}
