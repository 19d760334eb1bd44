"""Reads what metrics are made of: day cells, customers with their cells, entities with their facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.analytics.metrics.bounds import Bounds, bounds_of
from services.analytics.metrics.lives import cohorts
from services.analytics.metrics.memberships import members, tag_of
from services.analytics.metrics.metric import Person, Row
from services.analytics.metrics.question import COHORTS, EVER, GROUPS, Question, Scope, Window
from services.analytics.metrics.stored import Stored
from services.analytics.views.facts import Entity, Fact, Kind, day_of, entity_of
from services.analytics.views.facts_cells import MEASURES, PEOPLE, TYPES_OF
from services.analytics.views.facts_kinds import KIND_OF
from services.analytics.views.facts_standing import STANDING
from shared.days import DAY
from shared.project.entry import Until
from shared.project.projection import View

ORDERS = KIND_OF["OrderPlaced"].view
# From which projections it is read who is in a group of a dimension.
TOLD_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(COHORTS, (PEOPLE.name, ORDERS)),
    **dict.fromkeys(("segment", "segment_version"), (STANDING.view,)),
}


class Reader:
    """Bounded queries only."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored

    def rows(self, kind: str, question: Question) -> list[Row]:
        """Return what was counted of a kind in the window, by day and dimensions."""
        bounds = bounds_of(question)
        if question.scope.personal or question.by == "customer":
            people = self.people(kind, question, bounds)
            return [row for person in people for row in person.rows]
        whole = [_row(cell) for cell in self._cells(kind, bounds) if bounds.whole(cell["day"], cell["rday"])]
        return whole + [row_of(fact, fact.customer) for fact in self._edge_facts(kind, bounds)]

    def people(self, kind: str, question: Question, bounds: Bounds | None = None) -> list[Person]:
        """Return the customers in scope with what they did; without `bounds`, ever since up to the end."""
        known = bounds or bounds_of(question, since_ever=True)
        wanted = self.customers(question.scope, question.until)
        rows: dict[str, list[Row]] = {}
        for ref, row in self._personal_rows(kind, question, known, wanted):
            rows.setdefault(ref, []).append(row)
        roots = sorted(root for root in rows if wanted is None or root in wanted)
        return [Person(root, tuple(sorted(rows[root], key=lambda row: row.day))) for root in roots]

    def customers(self, scope: Scope, until: Until) -> set[str] | None:
        """Return the roots of a personal scope, None for everybody."""
        if scope.dimension == "customer":
            return set(self.roots([scope.value], until).values())
        if scope.dimension in GROUPS:
            return self.groups(scope.dimension, until, scope.value).get(scope.value, set())
        return None

    def groups(self, dimension: str, until: Until, value: str | None = None) -> dict[str, set[str]]:
        """Return the roots of every segment, version of one, or cohort; `value` alone is enough."""
        if dimension in COHORTS:
            return cohorts(self.people("order", Question(EVER, until)), COHORTS[dimension])
        standings = [within(found, until) for found in self.entities(STANDING, (tag_of(dimension, value),))]
        found = members(standings, versions=dimension == "segment_version")
        return {name: set(self.roots(refs, until).values()) for name, refs in found.items()}

    def roots(self, refs: Iterable[str], until: Until) -> Mapping[str, str]:
        """Return the root of every ref, as the identities stood within the clocks."""
        return self._stored.roots(refs, until)

    def entities(self, kind: Kind, tags: Iterable[str]) -> list[Entity]:
        """Return the entities that carry one of these tags, with all their facts."""
        return [entity_of(view) for view in self._stored.entities(kind, tags)]

    def first_day(self, kind: str) -> datetime | None:
        """Return the first day on which something of a kind was counted."""
        day = self._stored.first_day(kind)
        return datetime.fromisoformat(f"{day}T00:00:00+00:00") if day else None

    def _cells(self, kind: str, bounds: Bounds) -> Iterable[View]:
        first = "" if bounds.since is None else day_of(bounds.since)
        return self._stored.cells(kind, first, day_of(bounds.end))

    def _personal_rows(
        self, kind: str, question: Question, bounds: Bounds, wanted: set[str] | None
    ) -> Iterator[tuple[str, Row]]:
        documents, until = list(self._documents(wanted, question.until)), question.until
        edges = [f for f in self._edge_facts(kind, bounds) if f.customer]
        refs = {cell["ref"] for d in documents for cell in d["cells"]} if not until.open else set()
        roots = self.roots({*refs, *(str(f.customer) for f in edges)}, until)
        for document in documents:
            for cell in document["cells"]:
                if cell["kind"] == kind and bounds.whole(cell["day"], cell["rday"]):
                    root = document["_id"] if until.open else roots[cell["ref"]]
                    yield root, _row(cell, root)
        for fact in edges:
            root = roots[str(fact.customer)]
            yield root, row_of(fact, root)

    def _documents(self, wanted: set[str] | None, until: Until) -> Iterable[View]:
        if wanted is None:
            return self._stored.people(None)
        refs = {ref for group in self._stored.groups(wanted, until).values() for ref in group}
        return self._stored.people(set(self._stored.roots(refs, Until()).values()))

    def _edge_facts(self, kind: str, bounds: Bounds) -> Iterator[Fact]:
        days, recorded = bounds.edges()
        if not days and recorded is None:
            return
        types = TYPES_OF[kind]
        tags = [f"{type_}:{day}" for type_ in types for day in days]
        tags += [f"recorded:{recorded}"] if recorded else []
        for entity in self.entities(KIND_OF[types[0]], tags):
            for fact in entity.facts:
                whole = bounds.whole(day_of(fact.at), day_of(fact.recorded_at))
                if fact.type in types and not whole and bounds.holds(fact.at, fact.recorded_at):
                    yield fact


def tags_of(names: Iterable[str], window: Window) -> list[str]:
    """Return the tags under which something of these names happened in a window: whole months, else days."""
    return [f"{name}:{span}" for name in names for span in _spans(window)]


def _spans(window: Window) -> list[str]:
    spans: dict[str, None] = {}
    day, last = window.since, window.to - timedelta(microseconds=1)
    while day_of(day) <= day_of(last):
        month = day.replace(day=1) + 31 * DAY
        whole = day.day == 1 and (month - timedelta(days=month.day)).date() <= last.date()
        spans[f"{day:%Y-%m}" if whole else day_of(day)] = None
        day = month.replace(day=1) if whole else day + DAY
    return list(spans)


def _row(cell: Mapping[str, Any], customer: str | None = None) -> Row:
    return Row(cell["day"], cell["dims"], cell["values"], customer, cell.get("parts", {}))


def row_of(fact: Fact, customer: str | None) -> Row:
    """Return what one fact adds."""
    measure = MEASURES[fact.type](fact)
    return Row(day_of(fact.at), measure.dims, measure.values, customer, measure.parts)


def within(entity: Entity, until: Until) -> Entity:
    """Return the entity as it was within the clocks: with the facts that count."""
    return Entity(entity.stream, tuple(f for f in entity.facts if until.holds(f.at, f.recorded_at)))


def in_window(facts: Sequence[Fact], window: Window) -> list[Fact]:
    """Return the facts that happened in a window."""
    return [f for f in facts if window.since <= f.at < window.to]
