"""The three sources of metrics: day cells, customers, and entities turned into rows."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from services.analytics.metrics.bounds import bounds_of
from services.analytics.metrics.metric import Behind, Person, Row
from services.analytics.metrics.question import PERSONAL, Question, Scope, Window
from services.analytics.metrics.reader import Reader, row_of, tags_of
from services.analytics.metrics.reader import within as known
from services.analytics.views.facts import Entity, Fact, Kind, day_of
from services.analytics.views.facts_cells import CELLS, PEOPLE, TYPES_OF
from services.analytics.views.facts_kinds import KIND_OF

Rows = Sequence[Row]


class Dated:
    """Items are rows; each counts in the period of its day."""

    @property
    def periods(self) -> bool:
        """Whether it can be split by periods."""
        return True

    def within(self, items: Rows, windows: Sequence[Window]) -> list[Rows]:
        """Return the rows of each window, by their days."""
        ordered = sorted(items, key=lambda row: row.day)
        days = [row.day for row in ordered]
        starts = [bisect_left(days, day_of(w.since)) for w in windows] + [len(days)]
        return [ordered[a:b] for a, b in pairwise(starts)]

    def reach(self, reader: Reader, question: Question) -> Question:  # noqa: ARG002 part of the port
        """Return the question: nothing outside its window counts."""
        return question

    def narrowed(self, items: Rows, scope: Scope) -> Rows:
        """Return the rows of one value of a dimension."""
        return [row for item in items if (row := _narrow(item, scope))]

    def values_of(self, items: Rows, dimension: str) -> list[str]:
        """Return the values of a dimension."""
        return sorted({value for row in items for value in _values(row, dimension)})


def _values(row: Row, dimension: str) -> Iterable[str]:
    match dimension:
        case "category":
            return row.parts
        case "customer":
            return [row.customer or ""]
        case _:
            return [row.dims.get(dimension, "")]


def _narrow(row: Row, scope: Scope) -> Row | None:
    if scope.value not in _values(row, scope.dimension):
        return None
    return replace(row, values=row.parts[scope.value]) if scope.dimension == "category" else row


def _priced(row: Row, question: Question) -> bool:
    return question.currency is None or row.dims.get("currency") in (None, "", question.currency)


def _counted(reader: Reader, kind: str, question: Question, types: Sequence[str]) -> list[Behind]:
    """Return the facts that day cells of a kind are made of."""
    heard = [name for name in TYPES_OF[kind] if name in types]
    bounds = bounds_of(question)
    found: list[Behind] = []
    for entity in reader.entities(KIND_OF[heard[0]], tags_of(heard, question.window)):
        facts = (f for f in entity.facts if f.type in heard and bounds.holds(f.at, f.recorded_at))
        found += [(day_of(f.at), entity, f) for f in facts if _priced(row_of(f, None), question)]
    if question.scope.personal:
        return _of_refs(reader, found, question)
    plain = question.scope.dimension == "company"
    return [b for b in found if plain or _narrow(row_of(b[2], None), question.scope)]


def _read_from(kind: str) -> tuple[str, ...]:
    """Return the cells, and the facts that days which count in part and drill-down are read from."""
    return (CELLS.name, PEOPLE.name, KIND_OF[TYPES_OF[kind][0]].view)


def _of_refs(reader: Reader, found: Sequence[Behind], question: Question) -> list[Behind]:
    named = [(b, ref) for b in found if (ref := b[2].customer or b[1].customer)]
    roots = reader.roots({ref for _, ref in named}, question.until)
    wanted = reader.customers(question.scope, question.until) or ()
    return [b for b, ref in named if roots[ref] in wanted]


@dataclass(frozen=True)
class Cells(Dated):
    """Additive quantities of a kind: the cost is that of days and dimensions, not of events."""

    kind: str
    by: tuple[str, ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of the cells, and who the customer is."""
        return (*self.by, *PERSONAL)

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections read."""
        return _read_from(self.kind)

    def read(self, reader: Reader, question: Question) -> Rows:
        """Return the rows of the window in scope."""
        rows = reader.rows(self.kind, question)
        plain = question.scope.personal or question.scope.dimension == "company"
        return rows if plain else self.narrowed(rows, question.scope)

    def behind(self, reader: Reader, question: Question, types: Sequence[str]) -> list[Behind]:
        """Return the facts that were counted."""
        return _counted(reader, self.kind, question, types)


@dataclass(frozen=True)
class People:
    """The customers with what they did up to the end of the window: for what counts distinct people."""

    kind: str
    by: tuple[str, ...]
    periods: bool = True

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of what they did, and who they are."""
        return (*self.by, *PERSONAL)

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections read."""
        return _read_from(self.kind)

    def read(self, reader: Reader, question: Question) -> Sequence[Person]:
        """Return the customers in scope."""
        people = reader.people(self.kind, question)
        plain = question.scope.personal or question.scope.dimension == "company"
        return people if plain else self.narrowed(people, question.scope)

    def behind(self, reader: Reader, question: Question, types: Sequence[str]) -> list[Behind]:
        """Return what the customers did."""
        return _counted(reader, self.kind, question, types)

    def reach(self, reader: Reader, question: Question) -> Question:
        """Return the question of everything up to its end."""
        first = reader.first_day(self.kind) or question.window.since
        return question.within(Window(min(first, question.window.since), question.window.to))

    def within(self, items: Sequence[Person], windows: Sequence[Window]) -> list[Sequence[Person]]:
        """Return everybody for every window: who counts in one depends on what was before it."""
        return [items for _ in windows]

    def narrowed(self, items: Sequence[Person], scope: Scope) -> Sequence[Person]:
        """Return the customers with what they did under one value of a dimension."""
        if scope.dimension == "customer":
            return [person for person in items if person.root == scope.value]
        cut = [Person(p.root, tuple(r for row in p.rows if (r := _narrow(row, scope)))) for p in items]
        return [person for person in cut if person.rows]

    def values_of(self, items: Sequence[Person], dimension: str) -> list[str]:
        """Return the values of a dimension."""
        if dimension == "customer":
            return [person.root for person in items]
        return sorted({value for p in items for row in p.rows for value in _values(row, dimension)})


ToRows = Callable[[Entity, Question], Iterable[Row]]


@dataclass(frozen=True)
class Entities(Dated):
    """Entities found by what happened to them in the window, turned into rows by a pure function.

    `found_by` are event types, or other tags of the kind. The function sees the entity as it was within the
    clocks and yields the rows that are in the window. Without `periods` they mean the window as a whole;
    `ever` finds entities of any time by tags without days; `people` are counted, so every row names its root.
    """

    kind: Kind
    found_by: tuple[str, ...]
    to_rows: ToRows
    by: tuple[str, ...]
    periods: bool = True
    ever: bool = False
    people: bool = False

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of the rows, and who the customer is."""
        return (*self.by, *PERSONAL)

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections read."""
        return (self.kind.view,)

    def read(self, reader: Reader, question: Question) -> Rows:
        """Return the rows of the window in scope."""
        rows = [row for _, row in self.found(reader, question)]
        if self.people or question.scope.personal or question.by == "customer":
            return _of_customers(reader, rows, question)
        plain = question.scope.dimension == "company"
        return rows if plain else self.narrowed(rows, question.scope)

    def behind(self, reader: Reader, question: Question, types: Sequence[str]) -> list[Behind]:
        """Return the facts of every entity that gives a row in the window."""
        found: dict[str, Behind] = {}
        plain = question.scope.personal or question.scope.dimension == "company"
        for entity, row in self.found(reader, question):
            if (plain or _narrow(row, question.scope)) and _priced(row, question):
                found |= {f.id: (row.day, entity, f) for f in _facts(row, entity, types)}
        kept = list(found.values())
        return _of_refs(reader, kept, question) if question.scope.personal else kept

    def found(self, reader: Reader, question: Question) -> Iterator[tuple[Entity, Row]]:
        """Yield every row of the window and of the question's teams, beside its entity within the clocks."""
        return (pair for pair in self.rows(reader, question) if question.admits(pair[1].dims))

    def rows(self, reader: Reader, question: Question) -> Iterator[tuple[Entity, Row]]:
        """Yield every row of the window, whosever it is, beside its entity as it was within the clocks."""
        for whole in reader.entities(self.kind, self._tags(question)):
            entity = known(whole, question.until)
            yield from ((entity, row) for row in self.to_rows(entity, question))

    def _tags(self, question: Question) -> Iterable[str]:
        return self.found_by if self.ever else tags_of(self.found_by, question.window)


def _facts(row: Row, entity: Entity, types: Sequence[str]) -> Iterable[Fact]:
    return (f for f in entity.facts if f.type in types and (not row.events or f.id in row.events))


def _of_customers(reader: Reader, rows: Rows, question: Question) -> Rows:
    roots = reader.roots({r.customer for r in rows if r.customer}, question.until)
    wanted = reader.customers(question.scope, question.until)
    resolved = [replace(row, customer=roots[row.customer]) for row in rows if row.customer]
    kept = [row for row in resolved if wanted is None or row.customer in wanted]
    plain = question.scope.personal or question.scope.dimension == "company"
    return kept if plain else [row for row in kept if _narrow(row, question.scope)]
