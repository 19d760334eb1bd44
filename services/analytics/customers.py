"""Questions about customers, answered from the views and the journal."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING

from services.analytics.metrics.reader import within
from services.analytics.views.customer import CUSTOMER, RECORDS, SECTIONS, whole
from services.analytics.views.facts import Entity, Kind, entity_of
from services.analytics.views.facts_cells import CELLS
from services.analytics.views.search import asked, hashed
from services.analytics.views.together import TOGETHER, suggested
from shared.errors import Invalid, NotFound
from shared.events import Event
from shared.identity import KINDS, Refs, normalise
from shared.project.entry import Entry, Until
from shared.project.forest import Forest
from shared.project.journal import Journal
from shared.project.pointer import Views
from shared.project.projection import Projection
from shared.store.lots import in_lots

View = Mapping[str, Any]
CANDIDATES, ASKED = 1_000, 20
LATEST = 1_000
HALVES = (CUSTOMER, RECORDS)


class Customers:
    """Finds customers by any ref or identifier, as they are or as they were."""

    def __init__(self, journal: Journal, views: Views, refs: Refs) -> None:
        self._journal, self._views, self._refs = journal, views, refs

    def ref(self, key: str) -> str:
        """Return the ref that a path segment names: a ref, or `<kind>:<value>`. Raises Invalid."""
        kind, colon, value = key.partition(":")
        if not colon or kind not in KINDS:
            return key
        return self._refs.of(normalise(kind, value))

    def group(self, ref: str, until: Until) -> list[str]:
        """Return every ref of the customer, as the identities stood within the bounds."""
        return Forest(self._journal.database, until).group(ref)

    def view(self, ref: str, until: Until) -> View:
        """Return the customer view. Raises NotFound."""
        found = self._stored(ref) if until.open else self._refolded(ref, until)
        if found is None:
            raise NotFound(f"there is no customer {ref}")
        return found

    def folded(self, projection: Projection, ref: str, until: Until) -> View | None:
        """Return a customer's view in a projection: as stored, or folded again within the bounds."""
        if until.open:
            return self._current(projection, ref, Forest(self._journal.database))
        entries = self._history(ref, until, lambda event: event.type in projection.types)
        return projection.fold(None, [e.event for e in entries])

    def entities(self, kind: Kind, ref: str, until: Until) -> list[Entity]:
        """Return the entities of a kind that belong to a customer, each with the facts within the bounds."""
        collection, tags = (
            self._views.collection(kind.view),
            [f"customer:{r}" for r in self.group(ref, until)],
        )
        found = {d["_id"]: d for lot in in_lots(tags) for d in collection.find({"on": {"$in": lot}})}
        return [within(entity_of(found[stream]), until) for stream in sorted(found)]

    def behind(self, ref: str, section: str, until: Until) -> list[Entry]:
        """Return the events behind a section, latest first. Raises NotFound for an unknown section."""
        if section not in SECTIONS:
            raise NotFound(f"{section} is not a section of the customer view")
        entries = self._history(ref, until, SECTIONS[section].hears)
        return sorted(entries, key=lambda e: (e.event.occurred_at, e.event.id), reverse=True)

    def search(self, words: str, limit: int) -> list[View]:
        """Return customers that match every word."""
        tokens = [set(hashed(self._refs, part)) for part in asked(words)]
        return self.several(self._matching(tokens)[:limit]) if tokens else []

    def identified(self, value: str) -> list[View]:
        """Return the customers that an identifier of any kind belongs to."""
        refs = {value, *self._possible(value)}
        forest = Forest(self._journal.database)
        return self.several(sorted(set(forest.roots(refs).values())))

    def ranked(self, currency: str, after: tuple[int, str] | None, limit: int) -> list[View]:
        """Return the customers with the largest net value in a currency, after a place in that order."""
        same: dict[str, Any] = {"leading.currency": currency}
        if after is None:
            return self._by_net(same, limit)
        tied = self._by_net({**same, "leading.net": after[0], "_id": {"$gt": after[1]}}, limit)
        less = self._by_net({**same, "leading.net": {"$lt": after[0]}}, limit)
        return [*tied, *less][:limit]

    def main_currency(self) -> str:
        """Return the currency of most orders of late, counted in the last 1,000 day cells of orders."""
        cells = self._views.collection(CELLS.name).find({"kind": "order"}).sort("day", DESCENDING)
        orders: Counter[str] = Counter()
        for cell in cells.limit(LATEST):
            orders[cell["dims"]["currency"]] += cell["values"].get("orders", 0)
        return max(orders, key=lambda currency: (orders[currency], currency), default="GBP")

    def _by_net(self, query: dict[str, Any], limit: int) -> list[View]:
        order = [("leading.net", DESCENDING), ("_id", ASCENDING)]
        return list(self._views.collection(CUSTOMER.name).find(query).sort(order).limit(limit))

    def several(self, roots: Iterable[str]) -> list[View]:
        """Return the views of these roots, those that exist, in this order."""
        wanted = list(roots)
        collection = self._views.collection(CUSTOMER.name)
        found = {d["_id"]: d for lot in in_lots(wanted) for d in collection.find({"_id": {"$in": lot}})}
        return [found[root] for root in wanted if root in found]

    def next_products(self, view: View) -> Sequence[View]:
        """Return what the customer may like next, from what others bought together."""
        bought = view.get("recent_orders", {}).get("products", {})
        latest = sorted(bought, key=lambda sku: (bought[sku], sku), reverse=True)[:ASKED]
        pairs = self._views.collection(TOGETHER.name)
        found = {d["_id"]: d for lot in in_lots(latest) for d in pairs.find({"_id": {"$in": lot}})}
        return suggested(latest, bought.keys(), found)

    def _stored(self, ref: str) -> View | None:
        forest = Forest(self._journal.database)
        halves = [self._current(p, ref, forest) for p in HALVES]
        return whole(*halves) if any(halves) else None

    def _current(self, projection: Projection, ref: str, forest: Forest) -> View | None:
        """Return the customer's document; while it follows its new root, the one under a root it had before.

        The forest is at the head of the journal, the views a lot behind it (tests/integration/analytics/
        test_api.py::test_a_customer_is_found_while_the_view_follows_a_new_root).
        """
        collection = self._views.collection(projection.name)
        if found := collection.find_one({"_id": forest.root(ref)}):
            return found
        refs = forest.group(ref)
        former = {d["_id"]: d for lot in in_lots(refs) for d in collection.find({"_id": {"$in": lot}})}
        return next((former[r] for r in (ref, *refs) if r in former), None)

    def _refolded(self, ref: str, until: Until) -> View | None:
        events = [e.event for e in self._history(ref, until, _any)]
        halves = [p.fold(None, [e for e in events if e.type in p.types]) for p in HALVES]
        root = Forest(self._journal.database, until).root(ref)
        return {**whole(*halves), "_id": root} if any(halves) else None

    def _history(self, ref: str, until: Until, hears: Callable[[Event], bool]) -> list[Entry]:
        entries = self._journal.of_customers(self.group(ref, until))
        heard = (e for e in entries if hears(e.event))
        return [e for e in heard if until.holds(e.event.occurred_at, e.event.recorded_at)]

    def _matching(self, tokens: list[set[str]]) -> list[str]:
        collection = self._views.collection("customer_search")
        # One token by the index, the others here: intersections of a multikey index are slow on some servers.
        first, *others = sorted(tokens, key=len)
        query = {"tokens": {"$in": sorted(first)}}
        found = collection.find(query, {"tokens": 1}).limit(CANDIDATES)
        return sorted(d["_id"] for d in found if all(part & set(d["tokens"]) for part in others))

    def _possible(self, value: str) -> Iterable[str]:
        for kind in KINDS:
            try:
                yield self._refs.of(normalise(kind, value))
            except Invalid:
                continue  # not an identifier of this kind


def _any(_: Event) -> bool:
    return True
