"""Folding one projection: live, catching up and rebuilding."""

import logging
from collections.abc import Sequence
from threading import RLock

from shared.errors import Conflict, Corrupt, Unavailable
from shared.events import Event
from shared.events.clock import Clock, now
from shared.project.entry import Entry
from shared.project.forest import Forest
from shared.project.journal import Journal
from shared.project.lot import Lot
from shared.project.parking import Places
from shared.project.projection import Projection, View
from shared.project.target import Parking, StaleCheckpoint, Target
from shared.project.work import Work, planner
from shared.telemetry.metrics import PARKED_EVENTS

log = logging.getLogger(__name__)
BATCH = 500
RESTS = 3  # steps without entries, after which a checkpoint is written that moved past others' events


class Strict(Corrupt):
    """A rebuild met an event that its projection can not take; nothing was published."""


class Runner:
    """Folds the journal after the checkpoint into a target.

    Views and checkpoint are written in one transaction, so a crash anywhere neither loses nor doubles an
    event (tests/integration/analytics/test_fold_crash.py). Unless
    `strict`, an event it can not take parks its key, and a parked key waits.
    """

    def __init__(
        self,
        projection: Projection,
        journal: Journal,
        target: Target,
        *,
        forest: Forest | None = None,
        strict: bool = False,
        clock: Clock = now,
    ) -> None:
        self.projection, self.target, self.strict = projection, target, strict
        self._journal, self._clock = journal, clock
        self._forest = forest or Forest(journal.database)
        self._places = Places(journal.database, projection.name)
        self.turn = RLock()
        self._idle = 0
        self.reload()

    def reload(self) -> None:
        """Forget what is in memory and start again from what is stored."""
        with self.turn:
            self.target.reload()
            self._forest.clear()
            self._plan = planner(self.projection, self._journal, self._forest)
            blocked, self._discarded = self._places.load()
            self._blocked = set() if self.strict else blocked  # what waits for live is folded anew

    def step(self, limit: int = BATCH) -> int:
        """Fold and write the next entries; return how many there were, 0 when caught up."""
        with self.turn:
            entries = self._journal.read(self.target.at.position, limit)
            try:
                if entries:
                    self.take(Lot(entries))
                if self.due(limit, idle=not entries):
                    self.target.flush()
            except (StaleCheckpoint, Unavailable):
                self.reload()
                raise
            return len(entries)

    def due(self, limit: int = BATCH, *, idle: bool) -> bool:
        """Tell whether to write: what is staged at once; a checkpoint alone when idle or far behind."""
        self._idle = self._idle + 1 if idle else 0
        late = self._idle > RESTS or self.target.behind > 10 * limit
        return bool(self.target.dirty or (late and self.target.behind))

    def take(self, lot: Lot) -> None:
        """Fold a lot and stage the views; `target.flush` writes them."""
        views = self._views(lot) if self._hears(lot) else {}
        self.target.stage(views, lot.passage)

    def _hears(self, lot: Lot) -> bool:
        moved = self.projection.by_customer and lot.edges
        return bool(moved) or not self.projection.types.isdisjoint(lot.types)

    def _views(self, lot: Lot) -> dict[str, View | None]:
        plan = self._plan.plan(lot, self.target.at.settled, self.target.load)
        return dict.fromkeys(plan.dropped) | self.fold(plan.works)

    def fold(self, works: Sequence[Work]) -> dict[str, View | None]:
        """Return the views that works come to; None for one that is no more. Raises Strict when strict."""
        views: dict[str, View | None] = {}
        if self.projection.prepare:
            self.projection.prepare(e.event for work in works for e in work.entries)
        for work in works:
            view = self._fold(work)
            if view is not None or work.base is not None:
                views[work.key] = view
        return views

    def redrive(self, key: str) -> int:
        """Fold and unpark the parked events of a key; return how many. Raises Conflict when one fails."""
        with self.turn:
            waiting = self._places.of(key)
            work = self._plan.again(key, [p.position for p in waiting], self.target)
            try:
                view = self.projection.fold(work.base, self._kept(work.entries))
            except Exception as error:  # whatever the fold raises is the answer
                raise Conflict(f"{key} still can not be folded: {error!r}") from error
            self.target.stage({work.key: view})
            self._unpark(key, [self._places.remove(p) for p in waiting])
            return len(waiting)

    def discard(self, event_id: str) -> None:
        """Leave a parked event out for good, of rebuilds too. Its key stays parked until it is redriven."""
        with self.turn:
            self.target.park(self._places.discard(event_id))
            self.target.flush()
            self._discarded.add(event_id)

    def _unpark(self, key: str, changes: list[Parking]) -> None:
        self.target.park(changes)
        self.target.flush()
        self._blocked.discard(key)

    def _fold(self, work: Work) -> View | None:
        if work.key in self._blocked:
            self._park(work.key, work.batch, "waits behind a parked event")
            return work.base
        view = None if work.afresh else work.base
        for index, entry in enumerate(work.entries):
            if entry.event.id in self._discarded:
                continue
            try:
                view = self.projection.project(view, entry.event)
            except Exception as error:  # recorded and counted: one poisoned key must not stop the others
                if self.strict:
                    raise Strict(
                        f"{self.projection.name} can not take {entry.event.id}: {error!r}"
                    ) from error
                self._park(work.key, work.batch if work.afresh else work.entries[index:], repr(error))
                return work.base if work.afresh else view
        return view

    def _park(self, key: str, entries: Sequence[Entry], reason: str) -> None:
        log.warning("%s: %s events of %s parked: %s", self.projection.name, len(entries), key, reason)
        PARKED_EVENTS.labels(self.projection.name).inc(len(entries))
        self._blocked.add(key)
        self.target.park(self._places.put(key, entry, reason, self._clock()) for entry in entries)

    def _kept(self, entries: Sequence[Entry]) -> list[Event]:
        return [e.event for e in entries if e.event.id not in self._discarded]
