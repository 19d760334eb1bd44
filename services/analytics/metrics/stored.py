"""What metrics ask of the database, and the queries that answer it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from services.analytics.views.facts import Kind
from services.analytics.views.facts_cells import CELLS, PEOPLE
from shared.project.entry import Until
from shared.project.forest import Forest
from shared.project.pointer import Views
from shared.project.projection import View
from shared.store.lots import in_lots


class Stored(Protocol):
    """The views of facts, and the alias forest."""

    def cells(self, kind: str, first: str, last: str) -> Iterable[View]:
        """Return the cells of a kind from a day to another, both included."""
        ...

    def first_day(self, kind: str) -> str | None:
        """Return the first day that has a cell of a kind."""
        ...

    def people(self, roots: Collection[str] | None) -> Iterable[View]:
        """Return the cells of these customers, or of all."""
        ...

    def entities(self, kind: Kind, tags: Iterable[str]) -> Iterable[View]:
        """Return the entities of a kind that carry one of these tags, by stream."""
        ...

    def roots(self, refs: Iterable[str], until: Until) -> Mapping[str, str]:
        """Return the root of every ref within the clocks."""
        ...

    def groups(self, roots: Iterable[str], until: Until) -> Mapping[str, Collection[str]]:
        """Return every ref of these roots within the clocks."""
        ...


class MongoStored:
    """The views in MongoDB: every query begins with an equality on an index, or reads a whole view."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def cells(self, kind: str, first: str, last: str) -> Iterable[View]:
        """Return the cells of a kind from a day to another, both included."""
        return self._views.collection(CELLS.name).find({"kind": kind, "day": {"$gte": first, "$lte": last}})

    def first_day(self, kind: str) -> str | None:
        """Return the first day that has a cell of a kind."""
        found = self._views.collection(CELLS.name).find({"kind": kind}, {"day": 1}).sort("day", 1).limit(1)
        return next((str(cell["day"]) for cell in found), None)

    def people(self, roots: Collection[str] | None) -> Iterable[View]:
        """Return the cells of these customers, or of all."""
        collection = self._views.collection(PEOPLE.name)
        if roots is None:
            return collection.find({})
        return [d for lot in in_lots(sorted(roots)) for d in collection.find({"_id": {"$in": lot}})]

    def entities(self, kind: Kind, tags: Iterable[str]) -> Iterable[View]:
        """Return the entities of a kind that carry one of these tags, by stream."""
        collection = self._views.collection(kind.view)
        lots = in_lots(sorted(set(tags)))
        found = {d["_id"]: d for lot in lots for d in collection.find({"on": {"$in": lot}})}
        return [found[stream] for stream in sorted(found)]

    def roots(self, refs: Iterable[str], until: Until) -> Mapping[str, str]:
        """Return the root of every ref within the clocks."""
        return Forest(self._views.database, until).roots(refs)

    def groups(self, roots: Iterable[str], until: Until) -> Mapping[str, Collection[str]]:
        """Return every ref of these roots within the clocks."""
        return Forest(self._views.database, until).groups(roots)
