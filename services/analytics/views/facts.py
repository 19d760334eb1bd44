"""Entity facts: one document per order, deal, lead, ... with the dated facts of its life, for metrics.

A fact keeps of an event what metrics ask for, with both clocks and the event's id. Documents are found by
tags, each an equality that the index serves: `OrderPlaced:2011-06-01` and `OrderPlaced:2011-06` (what
happened on that day, in that month), `recorded:2011-06-02` (what was learned that day), `customer:<ref>`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.events import Event
from shared.project.projection import Projection, View

Data = Mapping[str, Any]
Keep = Callable[[Data], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Fact:
    """What is kept of an event; `version` is its place in its stream."""

    id: str
    type: str
    version: int
    at: datetime
    recorded_at: datetime
    customer: str | None
    channel: str
    data: Data


@dataclass(frozen=True, slots=True)
class Entity:
    """One order, deal, ...: its stream and its facts, oldest first."""

    stream: str
    facts: tuple[Fact, ...]

    def last(self, *types: str) -> Fact | None:
        """Return the last fact of these types, or None."""
        return next((f for f in reversed(self.facts) if f.type in types), None)

    def first(self, *types: str) -> Fact | None:
        """Return the first fact of these types, or None."""
        return next((f for f in self.facts if f.type in types), None)

    def newest(self, fields: Mapping[str, str]) -> Any:
        """Return the value that was said last, of fields by event type; None when none was."""
        said = (f.data.get(fields[f.type]) for f in reversed(self.facts) if f.type in fields)
        return next((value for value in said if value is not None), None)

    @property
    def customer(self) -> str | None:
        """The ref the entity is about, as it was known last."""
        return next((f.customer for f in reversed(self.facts) if f.customer), None)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity: which events it hears, and what it keeps of each in the view `facts_<name>`.

    `tags` names further equalities by which its documents are found, such as the days a deal was to close on.
    `key` tells which document an event belongs to: that of its stream, unless the stream is about many
    things; None leaves the event out.
    """

    name: str
    version: int
    kept: Mapping[str, Keep]
    tags: Callable[[Fact], Iterable[str]] = lambda _: ()
    key: Callable[[Event], str | None] = lambda event: event.stream

    @property
    def view(self) -> str:
        """The name of the projection."""
        return f"facts_{self.name}"


def only(*names: str) -> Keep:
    """Return what keeps these fields of an event, those that it has."""
    return lambda data: {name: data[name] for name in names if data.get(name) is not None}


def day_of(moment: datetime) -> str:
    """Return the day of a moment in UTC, such as 2011-06-01."""
    return moment.strftime("%Y-%m-%d")


def fact_of(event: Event, keep: Keep) -> Fact:
    """Return what is kept of an event."""
    meta = event.meta
    return Fact(
        event.id, event.type, event.version, event.occurred_at, event.recorded_at, meta.customer,
        meta.channel, keep(event.data),
    )  # fmt: skip


def stored(fact: Fact) -> dict[str, Any]:
    """Return the stored form of a fact; `entity_of` is its inverse."""
    return {name: getattr(fact, name) for name in Fact.__slots__}


def entity_of(view: View) -> Entity:
    """Return the entity of a stored document, its facts in the order in which they happened."""
    facts = sorted((Fact(**known) for known in view["facts"]), key=lambda f: (f.at, f.version))
    return Entity(view["_id"], tuple(facts))


def facts_of(kind: Kind) -> Projection:
    """Return the projection that keeps the facts of a kind, one document per stream."""

    def project(view: View | None, event: Event) -> dict[str, Any]:
        known = view or {"facts": [], "on": []}
        fact = fact_of(event, kind.kept[event.type])
        on = sorted({*known["on"], *_tags(fact), *kind.tags(fact)})
        return {"facts": [*known["facts"], stored(fact)], "on": on}

    index = ((("on", 1),),)
    types = frozenset(kind.kept)
    return Projection(kind.view, kind.version, types, project, kind.key, index)


def _tags(fact: Fact) -> Iterator[str]:
    day = day_of(fact.at)
    yield f"{fact.type}:{day}"
    yield f"{fact.type}:{day[:7]}"
    yield f"recorded:{day_of(fact.recorded_at)}"
    if fact.customer:
        yield f"customer:{fact.customer}"
