"""From a source's queue into the journal: nothing missing, nothing twice."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from shared.consume.chain import ChainBroken, next_in_chain
from shared.consume.source_log import SourceLog
from shared.errors import Corrupt, Unavailable
from shared.events import Event
from shared.project.batch import Batch
from shared.project.journal import Journal

log = logging.getLogger(__name__)
PAGE = 500


class Intake:
    """Journals what the sources' queues bring, and fills from the sources' logs what they lost.

    A batch may be offered any number of times and by several processes: the guarded mark lets it in once
    (tests/integration/analytics/test_intake.py).
    """

    def __init__(self, journal: Journal, sources: Mapping[str, SourceLog]) -> None:
        self._journal, self._sources = journal, sources
        self._marks: dict[tuple[str, int], int] = {}

    def receive(self, source: str, partition: int, events: Sequence[Event]) -> int:
        """Journal a delivered batch of one partition; return how many entries are new."""
        try:
            return self._offer(source, partition, events)
        except ChainBroken as broken:
            log.warning("%s.%s: %s; reading the log", source, partition, broken)
        added = self.fill(source, partition)
        try:
            return added + self._offer(source, partition, events)
        except ChainBroken as broken:
            raise Unavailable(f"the log of {source} does not reach {broken.event.position} yet") from broken

    def fill(self, source: str, partition: int) -> int:
        """Journal what the source's log holds after the mark; return how many entries are new."""
        added = 0
        mark = self._mark(source, partition)
        while page := self._sources[source].read(mark, PAGE, partition):
            fresh = tuple(next_in_chain(mark, page))
            added += self._append(Batch(source, partition, mark, fresh, len(fresh)))
            mark = self._mark(source, partition)
        return added

    def audit(self, source: str) -> int:
        """Compare the marks of a source with the head of its log and fill what is missing; return how much.

        It finds what a lost queue took with it although nothing arrives any more.
        """
        tails = self._sources[source].head().tails
        behind = [p for p, tail in enumerate(tails) if self._fresh_mark(source, p) < tail]
        return sum(self.fill(source, partition) for partition in behind)

    def _offer(self, source: str, partition: int, events: Sequence[Event]) -> int:
        mark = self._mark(source, partition)
        fresh = tuple(next_in_chain(mark, events))
        return self._append(Batch(source, partition, mark, fresh, len(events), len(events) - len(fresh)))

    def _append(self, batch: Batch) -> int:
        if not batch.events and (not batch.received or not batch.mark):
            return 0
        if not self._journal.append(batch):
            return self._retry(batch)
        self._marks[batch.source, batch.partition] = batch.upto
        return len(batch.events)

    def _retry(self, batch: Batch) -> int:
        mark = self._fresh_mark(batch.source, batch.partition)
        if mark == batch.mark:
            raise Corrupt(f"the mark of {batch.source}.{batch.partition} can not be advanced from {mark}")
        return self.receive(batch.source, batch.partition, batch.events)

    def _mark(self, source: str, partition: int) -> int:
        known = self._marks.get((source, partition))
        return self._fresh_mark(source, partition) if known is None else known

    def _fresh_mark(self, source: str, partition: int) -> int:
        mark = self._marks[source, partition] = self._journal.mark(source, partition)
        return mark


def by_partition(events: Iterable[Event]) -> dict[int, list[Event]]:
    """Return the events by partition, in their order."""
    parts: dict[int, list[Event]] = {}
    for event in events:
        parts.setdefault(event.partition, []).append(event)
    return parts
