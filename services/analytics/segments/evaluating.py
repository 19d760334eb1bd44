"""One rule over all customers: as they are known now, or as they were at any moment, from the journal."""

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.analytics.domain.rating import RATING, STANDING_RATING
from services.analytics.domain.scale import SCALE
from services.analytics.segments.assessing import opened
from services.analytics.segments.criteria import VALUE, InForce
from services.analytics.segments.knowing import known_of
from services.analytics.segments.rating import Yardstick
from services.analytics.views.segments import Version, asked_of
from services.analytics.views.traits import TRAITS
from shared.decide.decider import Decider
from shared.events.clock import Clock
from shared.privacy import Vault
from shared.project.entry import Until
from shared.project.forest import Forest
from shared.project.journal import Journal
from shared.segments.evaluate import day_of, holds
from shared.store.lots import in_lots
from shared.store.port import Store

LOT, KEPT = 500, 8
View = Mapping[str, Any]
Rule = Mapping[str, Any]
Lots = Iterator[Sequence[View]]
Asked = tuple[str, str, datetime, datetime | None, int]


@dataclass(frozen=True, slots=True)
class Picked:
    """Who was picked, by id, and how many customers were looked at."""

    members: tuple[str, ...]
    of: int


class Evaluating:
    """Evaluates rules in full; the same question about the past again is answered from memory."""

    def __init__(self, journal: Journal, store: Store, inforce: InForce, vault: Vault, clock: Clock) -> None:
        self._journal, self._store, self._inforce = journal, store, inforce
        self._vault, self._clock = vault, clock
        self._known: OrderedDict[Asked, Picked] = OrderedDict()

    def now(self, rule: Rule, at: datetime) -> Picked:
        """Return whom a rule picks of all customers as they are known now."""
        return self._picked(rule, self._inforce.all_traits(), self._inforce.yardstick(), at)

    def several(self, rule: Rule, at: datetime, roots: list[str]) -> frozenset[str]:
        """Return whom of these a rule picks now."""
        traits = self._inforce.traits(roots)
        lots: Lots = iter([[{**traits.get(root, {}), "_id": root} for root in roots]])
        return frozenset(self._picked(rule, lots, self._inforce.yardstick(), at).members)

    def then(self, key: str, version: Version, until: Until, at: datetime) -> Picked:
        """Return whom a version picked at a moment, by what had happened and was known within the bounds."""
        asked = (key, str(version.number), at, until.known_at, self._journal.head())
        if asked not in self._known:
            self._known[asked] = self._picked(version.rule, self._past(until), self._yardstick(until), at)
        self._known.move_to_end(asked)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[asked]

    def _picked(self, rule: Rule, lots: Iterator[Sequence[View]], by: Yardstick, at: datetime) -> Picked:
        fields, today = asked_of([rule]), day_of(at)
        members, looked = list[str](), 0
        for views in lots:
            looked += len(views)
            profiles = opened(self._vault, views, fields, self._clock())
            known = (known_of(view, profile, by) for view, profile in zip(views, profiles, strict=True))
            members += [
                view["_id"]
                for view, one in zip(views, known, strict=True)
                if not one.erased and holds(rule, one.facts, today)
            ]
            time.sleep(0)  # others get their turn: this one holds the processor and waits for nothing
        return Picked(tuple(sorted(members)), looked)

    def _past(self, until: Until) -> Lots:
        """Yield all customers as they were, folded from the journal as its identities stood."""
        views: dict[str, View] = {}
        lot, forest = [], Forest(self._journal.database, until)
        for entry in self._journal.scan(0, self._journal.head()):
            event = entry.event
            heard = event.type in TRAITS.types and event.meta.customer
            if heard and until.holds(event.occurred_at, event.recorded_at):
                lot.append(event)
            if len(lot) == LOT:
                _fold(views, lot, forest)
                lot = []
                time.sleep(0)
        _fold(views, lot, forest)
        known = [{**view, "_id": root} for root, view in views.items()]
        yield from in_lots(known, LOT)

    def _yardstick(self, until: Until) -> Yardstick:
        return Yardstick(self._fold(SCALE, VALUE, until), self._fold(RATING, STANDING_RATING, until))

    def _fold(self, decider: Decider[Any], key: str, until: Until) -> Any:
        events = self._store.read_stream(decider.stream(key))
        return decider.fold([e for e in events if until.holds(e.occurred_at, e.recorded_at)])


def _fold(views: dict[str, View], events: list[Any], forest: Forest) -> None:
    roots = forest.roots({event.meta.customer for event in events})
    for event in events:
        root = roots[event.meta.customer]
        views[root] = TRAITS.project(views.get(root), event) or {}
