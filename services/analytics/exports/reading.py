"""Reads the rows of a table in lots: all of them, or those that changed since a position of the journal."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.analytics.exports.changes import Changes, changes, whole_groups
from services.analytics.exports.customers import sealed_of
from services.analytics.exports.table import Entities, Facts, People, Row, Table, View
from services.analytics.metrics.reader import within
from services.analytics.views.customer import CUSTOMER
from services.analytics.views.facts import entity_of
from shared.privacy import Vault
from shared.project.entry import Entry, Until, from_document
from shared.project.forest import Forest
from shared.project.journal import JOURNAL, Journal
from shared.project.pointer import Views
from shared.project.target import Checkpoint
from shared.store.lots import in_lots

LOT = 500
Lot = list[Row]
Folded = Callable[[str], Checkpoint]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: changed after a journal position, of days from `since` on, within two clocks, for whom."""

    after: int = 0
    since: date | None = None
    until: Until = field(default_factory=Until)
    personal: bool = False


class Rows:
    """Rows come in lots of bounded size, so that neither memory nor the event loop is held for long."""

    def __init__(self, journal: Journal, views: Views, vault: Vault, folded: Folded) -> None:
        self._journal, self._views, self._vault, self._folded = journal, views, vault, folded

    def upto(self, table: Table) -> int:
        """Return the journal position that the rows of a table include."""
        match table.source:
            case Facts():
                return self._journal.head()
            case Entities(kind):
                return self._folded(kind.view).position
            case People():
                return self._folded(CUSTOMER.name).position

    def about(self, table: Table, asked: Asked) -> int:
        """Return about how many rows there are, for a progress bar."""
        match table.source:
            case Facts():
                return max(0, self._journal.head() - asked.after)
            case Entities(kind):
                return self._views.collection(kind.view).estimated_document_count()
            case People():
                return self._views.collection(CUSTOMER.name).estimated_document_count()

    def read(self, table: Table, asked: Asked, upto: int) -> Iterator[Lot]:
        """Yield the rows in lots; `{"$gone": ...}` names a customer that is part of another one now."""
        names = [column.name for column in table.shown(personal=asked.personal)]
        for lot in self._lots(table, asked, upto):
            kept = (row for row in lot if "$gone" in row or _on(row, table.day, asked.since))
            yield [row if "$gone" in row else {name: row[name] for name in names} for row in kept]

    def _lots(self, table: Table, asked: Asked, upto: int) -> Iterator[Lot]:
        match table.source:
            case Facts() as source:
                return self._facts(source, asked, upto)
            case Entities() as source:
                return self._entities(source, asked, upto)
            case People() as source:
                return self._people(source, asked, upto)

    def _facts(self, source: Facts, asked: Asked, upto: int) -> Iterator[Lot]:
        query: dict[str, Any] = {"_id": {"$gt": asked.after, "$lte": upto}}
        if source.types:
            query["type"] = {"$in": sorted(source.types)}
        found = map(from_document, self._journal.database[JOURNAL].find(query, batch_size=LOT))
        for lot in in_lots((entry for entry in found if _held(entry, asked.until)), LOT):
            yield self._resolved([source.row(entry.event) for entry in lot], asked.until)

    def _entities(self, source: Entities, asked: Asked, upto: int) -> Iterator[Lot]:
        for views in in_lots(self._views_of(source.kind.view, asked, upto), LOT):
            known = [within(entity_of(view), asked.until) for view in views]
            yield self._resolved([row for each in known for row in source.rows(each)], asked.until)

    def _views_of(self, name: str, asked: Asked, upto: int) -> Iterable[View]:
        collection = self._views.collection(name)
        if not asked.after:
            return collection.find({}, batch_size=LOT)
        changed = self._changes(asked.after, upto)
        tags = [f"customer:{ref}" for ref in whole_groups(self._journal.database, changed.moved)]
        found = {
            view["_id"]: view
            for field_, keys in (("_id", sorted(changed.streams)), ("on", sorted(tags)))
            for lot in in_lots(keys)
            for view in collection.find({field_: {"$in": lot}})
        }
        return [found[key] for key in sorted(found)]

    def _people(self, source: People, asked: Asked, upto: int) -> Iterator[Lot]:
        for lot in in_lots(self._customers(asked, upto), LOT):
            known = [view for view in lot if "$gone" not in view]
            if asked.personal:
                self._vault.fetch(sealed_of(known))
            more = source.personal if asked.personal else _nothing
            rows = [{**source.row(view), **more(view)} for view in known]
            yield rows + [dict(view) for view in lot if "$gone" in view]

    def _customers(self, asked: Asked, upto: int) -> Iterator[View]:
        collection = self._views.collection(CUSTOMER.name)
        if not asked.after:
            yield from collection.find({}, batch_size=LOT)
            return
        changed = self._changes(asked.after, upto)
        roots = set(Forest(self._journal.database).roots(changed.refs).values())
        refs = roots | changed.refs | whole_groups(self._journal.database, changed.moved)
        for lot in in_lots(sorted(refs)):
            found = {view["_id"]: view for view in collection.find({"_id": {"$in": lot}})}
            yield from (found.get(ref, {"$gone": ref}) for ref in lot)

    def _changes(self, after: int, upto: int) -> Changes:
        return changes(self._journal.scan(after, upto))

    def _resolved(self, rows: Lot, until: Until) -> Lot:
        """Name the customer of each row as the identities stand."""
        forest = Forest(self._journal.database, until)
        roots = forest.roots({row["customer"] for row in rows if row["customer"]})
        return [{**row, "customer": roots.get(row["customer"])} for row in rows]


def _nothing(_: View) -> Mapping[str, Any]:
    return {}


def _held(entry: Entry, until: Until) -> bool:
    return until.holds(entry.event.occurred_at, entry.event.recorded_at)


def _on(row: Row, day: str | None, since: date | None) -> bool:
    return since is None or day is None or row[day].date() >= since
