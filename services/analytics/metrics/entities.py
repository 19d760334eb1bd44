"""Entities as a source of metrics: those that something happened to in the window, turned into rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.analytics.metrics.dated import Dated, Rows, narrow, of_refs, priced
from services.analytics.metrics.metric import Behind, Row
from services.analytics.metrics.question import PERSONAL, Question
from services.analytics.metrics.reader import Reader, tags_of
from services.analytics.metrics.reader import within as known
from services.analytics.views.facts import Entity, Fact, Kind

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
            if (plain or narrow(row, question.scope)) and priced(row, question):
                found |= {f.id: (row.day, entity, f) for f in _facts(row, entity, types)}
        kept = list(found.values())
        return of_refs(reader, kept, question) if question.scope.personal else kept

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
    return kept if plain else [row for row in kept if narrow(row, question.scope)]
