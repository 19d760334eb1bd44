"""The one loop that folds all live projections: each lot of the journal is read once and written once."""

import logging
import time
from collections.abc import Iterable
from contextlib import ExitStack

from shared.errors import Unavailable
from shared.project.forest import Forest
from shared.project.hot import Hot
from shared.project.journal import Journal
from shared.project.live import Live
from shared.project.lot import Lot
from shared.project.pointer import REMEMBERED_SECONDS, Pointer, pointers
from shared.project.projection import Projection
from shared.project.rebuild import GRACE_SECONDS, remove, running
from shared.project.runner import BATCH, Runner
from shared.project.target import StaleCheckpoint, flush
from shared.telemetry.metrics import FOLD_LAG

log = logging.getLogger(__name__)
ROOM = 64_000_000
Turn = tuple[Live, Runner]


class Folds:
    """Steps every live projection; those at one position of the journal fold and write together.

    One that is behind (new, or started again after a failure) takes a lot of its own per step until it has
    reached the others. One that fails rests and one whose runner is at another's disposal (a rebuild puts its
    result in place, parked events are redriven) is left out of the step: neither holds up the rest.
    """

    def __init__(self, journal: Journal, projections: Iterable[Projection]) -> None:
        self._journal, hot, forest = journal, Hot(ROOM), Forest(journal.database)
        self.lives = {p.name: Live(journal, p, hot, forest) for p in projections}
        self._pointers: dict[str, Pointer] = {}
        self._retired: list[tuple[float, str]] = []
        self._look_at = 0.0

    @property
    def trouble(self) -> str | None:
        """Why a projection is not folded, or None."""
        return next((live.trouble for live in self.lives.values() if live.trouble), None)

    def prepare(self) -> None:
        """Create what is missing for every projection."""
        for live in self.lives.values():
            live.prepare()

    def step(self, limit: int = BATCH) -> int:
        """Fold the next entries; return how many, 0 when all are caught up. Raises Unavailable."""
        taken, ceiling = 0, None
        with ExitStack() as turns:
            groups = self._groups(turns)
            for position in sorted(groups, reverse=True):
                # Whoever is behind stops where the next group is, and belongs to it from then on.
                room = limit if ceiling is None else min(limit, ceiling - position)
                count = self._fold(groups[position], position, room)
                taken, ceiling = taken + count, position + count
            if taken:
                self._measure(groups)
        return taken

    def run_rebuilds(self) -> int:
        """Run the rebuilds that wait or were interrupted; return how many."""
        waiting = running(self._journal.database)
        old = [c for name, live in self.lives.items() if name in waiting for c in live.run_rebuilds()]
        self._retired += [(time.monotonic() + GRACE_SECONDS, collection) for collection in old]
        self._remove()
        return len(old)

    def _remove(self) -> None:
        """Remove what nobody reads any more: readers may remember an old pointer for a second."""
        due = [collection for at, collection in self._retired if at <= time.monotonic()]
        for collection in due:
            remove(self._journal.database, collection)
        self._retired = [(at, collection) for at, collection in self._retired if collection not in due]

    def _groups(self, turns: ExitStack) -> dict[int, list[Turn]]:
        groups: dict[int, list[Turn]] = {}
        for name, known in self._following().items():
            live = self.lives.get(name)
            runner = live.ready(known) if live else None
            if live and runner and runner.turn.acquire(blocking=False):
                turns.callback(runner.turn.release)
                groups.setdefault(runner.target.at.position, []).append((live, runner))
        return groups

    def _following(self) -> dict[str, Pointer]:
        # A pointer that has moved in the meantime is noticed by the flush: the old checkpoint is gone.
        if time.monotonic() >= self._look_at:
            self._pointers = pointers(self._journal.database)
            self._look_at = time.monotonic() + REMEMBERED_SECONDS
        return self._pointers

    def _fold(self, group: list[Turn], position: int, limit: int) -> int:
        lot = Lot(self._journal.read(position, limit))
        try:
            taken = [turn for turn in group if not lot.entries or _took(turn, lot)]
            _write([turn for turn in taken if turn[1].due(idle=not lot.entries)])
        except Unavailable:
            for live, _ in group:
                live.drop()
            raise
        for live, runner in group:
            live.stepped(runner)
        return len(lot.entries)

    def _measure(self, groups: dict[int, list[Turn]]) -> None:
        head = self._journal.top()
        for live, runner in (turn for group in groups.values() for turn in group):
            FOLD_LAG.labels(live.projection.name).set(head - runner.target.at.position)


def _took(turn: Turn, lot: Lot) -> bool:
    live, runner = turn
    try:
        runner.take(lot)
    except Unavailable:
        raise
    except Exception as error:  # recorded, counted and shown: one projection must not stop the others
        live.fail(error)
        return False
    return True


def _write(due: list[Turn]) -> None:
    try:
        flush([runner.target for _, runner in due])
    except Unavailable:
        raise
    except Exception as error:  # whose fault it is shows when each writes alone
        log.warning("%d projections are written one by one: %r", len(due), error)
        for turn in due:
            _write_alone(turn)


def _write_alone(turn: Turn) -> None:
    live, runner = turn
    try:
        runner.target.flush()
    except StaleCheckpoint as stale:
        live.drop(stale)
    except Unavailable:
        raise
    except Exception as error:  # recorded, counted and shown: one projection must not stop the others
        live.fail(error)
