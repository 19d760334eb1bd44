"""Two sources of metrics: day cells and customers; entities are the third."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.analytics.metrics.bounds import bounds_of
from services.analytics.metrics.dated import Dated, Rows, narrow, of_refs, priced, values
from services.analytics.metrics.metric import Behind, Person
from services.analytics.metrics.question import PERSONAL, Question, Scope, Window
from services.analytics.metrics.reader import Reader, row_of, tags_of
from services.analytics.views.facts import day_of
from services.analytics.views.facts_cells import CELLS, PEOPLE, TYPES_OF
from services.analytics.views.facts_kinds import KIND_OF


def _counted(reader: Reader, kind: str, question: Question, types: Sequence[str]) -> list[Behind]:
    """Return the facts that day cells of a kind are made of."""
    heard = [name for name in TYPES_OF[kind] if name in types]
    bounds = bounds_of(question)
    found: list[Behind] = []
    for entity in reader.entities(KIND_OF[heard[0]], tags_of(heard, question.window)):
        facts = (f for f in entity.facts if f.type in heard and bounds.holds(f.at, f.recorded_at))
        found += [(day_of(f.at), entity, f) for f in facts if priced(row_of(f, None), question)]
    if question.scope.personal:
        return of_refs(reader, found, question)
    plain = question.scope.dimension == "company"
    return [b for b in found if plain or narrow(row_of(b[2], None), question.scope)]


def _read_from(kind: str) -> tuple[str, ...]:
    """Return the cells, and the facts that days which count in part and drill-down are read from."""
    return (CELLS.name, PEOPLE.name, KIND_OF[TYPES_OF[kind][0]].view)


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
        cut = [Person(p.root, tuple(r for row in p.rows if (r := narrow(row, scope)))) for p in items]
        return [person for person in cut if person.rows]

    def values_of(self, items: Sequence[Person], dimension: str) -> list[str]:
        """Return the values of a dimension."""
        if dimension == "customer":
            return [person.root for person in items]
        return sorted({value for p in items for row in p.rows for value in values(row, dimension)})
