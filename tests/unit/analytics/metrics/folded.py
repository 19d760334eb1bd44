"""The views of facts folded in memory, behind the port that metrics read through."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from services.analytics.metrics import metric_of
from services.analytics.metrics.engine import Measured, measured
from services.analytics.metrics.question import Question
from services.analytics.metrics.reader import Reader
from services.analytics.views.facts import Kind
from services.analytics.views.facts_cells import CELLS, PEOPLE
from services.analytics.views.facts_kinds import FACTS
from shared.events import Event
from shared.project.aliases import climb, edge_of, learn, parent_of
from shared.project.entry import Until
from shared.project.projection import Projection, View


class Folded:
    """Every view of facts after the events, and the forest of aliases."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._aliases: dict[str, Any] = {}
        for event in events:
            if edge := edge_of(event):
                self._aliases[edge.child] = learn(self._aliases.get(edge.child), edge, event)
        self._events = events
        self._views = {p.name: self._folded(p) for p in (*FACTS, CELLS, PEOPLE)}

    def cells(self, kind: str, first: str, last: str) -> Iterable[View]:
        """Return the cells of a kind from a day to another, both included."""
        return [v for v in self._views["cells"].values() if v["kind"] == kind and first <= v["day"] <= last]

    def first_day(self, kind: str) -> str | None:
        """Return the first day that has a cell of a kind."""
        return min((v["day"] for v in self._views["cells"].values() if v["kind"] == kind), default=None)

    def people(self, roots: Collection[str] | None) -> Iterable[View]:
        """Return the cells of these customers, or of all."""
        return [v for k, v in self._views["people"].items() if roots is None or k in roots]

    def entities(self, kind: Kind, tags: Iterable[str]) -> Iterable[View]:
        """Return the entities of a kind that carry one of these tags, by stream."""
        wanted, views = set(tags), self._views[kind.view]
        return [views[stream] for stream in sorted(views) if wanted & set(views[stream]["on"])]

    def roots(self, refs: Iterable[str], until: Until) -> Mapping[str, str]:
        """Return the root of every ref within the clocks."""
        parents = {ref: parent_of(a["history"], until) for ref, a in self._aliases.items()}
        return {ref: climb(ref, parents) for ref in refs}

    def groups(self, roots: Iterable[str], until: Until) -> Mapping[str, Collection[str]]:
        """Return every ref of these roots within the clocks."""
        wanted = list(roots)
        known = self.roots({*self._aliases, *wanted}, until)
        return {root: [ref for ref, r in known.items() if r == root] for root in wanted}

    def _folded(self, projection: Projection) -> dict[str, View]:
        views: dict[str, View] = {}
        for event in self._events:
            key = self._key(projection, event)
            if key is not None and (view := projection.project(views.get(key), event)) is not None:
                views[key] = {**view, "_id": key}
        return views

    def _key(self, projection: Projection, event: Event) -> str | None:
        if event.type not in projection.types:
            return None
        if projection.key:
            return projection.key(event)
        ref = event.meta.customer
        return self.roots([ref], Until())[ref] if ref else None


def ask(events: Sequence[Event], metric_id: str, question: Question) -> Measured:
    """Return a metric of events."""
    return measured(metric_of(metric_id), question, Reader(Folded(events)))
