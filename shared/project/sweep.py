"""From nothing to the head of a journal, key by key: each view is folded at once and written once."""

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter

from shared.project.entry import Entry
from shared.project.forest import Forest
from shared.project.gathered import Gathered
from shared.project.journal import Journal
from shared.project.lot import Lot, Passage
from shared.project.projection import View
from shared.project.runner import Runner
from shared.project.target import Checkpoint
from shared.project.work import Work, planner
from shared.store.lots import in_lots

# Entries in memory at once, and views staged between two writes: both bound the memory.
PORTION, STAGED = 2_000, 500


class Sweep:
    """Folds the journal into an empty target up to what is `settled`, in time linear in the entries.

    They are read in the order of the journal, gathered by key, and each key's are folded from the first to
    the last. Identity events up to there need no fold of their own: every entry is gathered for the root that
    a forest at least that old names. The checkpoint moves once all is written: what an interrupted sweep
    has left counts for nothing. `look` is told how many entries are done, one read but not folded by half.
    """

    def __init__(self, runner: Runner, journal: Journal, look: Callable[[int], None]) -> None:
        self._runner, self._target, self._journal, self._look = runner, runner.target, journal, look
        self._planner = planner(runner.projection, journal, Forest(journal.database))
        self._upto = self._target.at.settled

    def run(self) -> None:
        """Fold and write. Raises Strict, StaleCheckpoint, Unavailable, and OSError when the disk is full."""
        with Gathered() as gathered:
            passage = self._gather(gathered)
            self._fold(gathered)
        self._target.stage({}, passage)
        self._target.flush()

    def _gather(self, gathered: Gathered) -> Passage:
        reached = Checkpoint()
        for entries in in_lots(self._journal.scan(0, self._upto), PORTION):
            lot = Lot(entries)
            for key, entry in self._planner.keyed(lot):
                gathered.add(key, entry)
            reached.pass_over(lot.passage)
            self._look(reached.position // 2)
        return Passage(reached.position, reached.marks, reached.counts)

    def _fold(self, gathered: Gathered) -> None:
        last: dict[str, View | None] = {}  # more of its entries may follow
        done = 0
        for pairs in in_lots(gathered.by_key(), PORTION):
            works = self._works(pairs, last)
            views = last | self._runner.fold(works)
            last = {works[-1].key: views.pop(works[-1].key, None)}
            self._write(views, STAGED)
            done += len(pairs)
            self._look(self._upto * (gathered.count + done) // (2 * gathered.count))
        self._write(last, 0)

    def _works(self, pairs: list[tuple[str, Entry]], last: dict[str, View | None]) -> list[Work]:
        groups = groupby(pairs, key=itemgetter(0))
        return [self._planner.work(key, last.get(key), [e for _, e in mine]) for key, mine in groups]

    def _write(self, views: dict[str, View | None], staged: int) -> None:
        self._target.add({key: view for key, view in views.items() if view is not None})
        if self._target.dirty > staged:
            self._target.flush()
