"""Deliveries into the journal: decode, sort by source and partition, journal, wake the folds."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence

from shared.consume.delivery import Delivery
from shared.consume.distribute import distribute
from shared.consume.source_log import Source
from shared.errors import Unavailable
from shared.events import Event
from shared.project.intake import Intake
from shared.telemetry.metrics import JOURNAL_LAG, LOOP_FAILURES

log = logging.getLogger(__name__)
QUIET = 3.0


class Reception:
    """What the queues bring, and what they have lost."""

    def __init__(self, intake: Intake, sources: Mapping[str, Source], ring: Callable[[], None]) -> None:
        self._intake, self._sources, self._ring = intake, sources, ring
        self._heard: dict[str, float] = {}

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Journal a batch. Raises Poison for what is no event: the log then fills the broken chain."""
        distribute(deliveries, self._journal)

    def audit(self) -> None:
        """Compare the heads of quiet sources with the journal, fill what is missing.

        A source that is away waits; one whose events are arriving needs no audit, it is only behind.
        """
        quiet = {n: s for n, s in self._sources.items() if time.monotonic() - self._heard.get(n, 0.0) > QUIET}
        for name, source in quiet.items():
            try:
                if self._intake.audit(name):
                    self._ring()
                JOURNAL_LAG.labels(name).set(0)
            except Unavailable as error:
                LOOP_FAILURES.labels("audit").inc()
                log.info("%s can not be audited now: %s", source.service, error)

    def _journal(self, source: str, partition: int, events: list[Event]) -> None:
        self._heard[source] = time.monotonic()
        if self._intake.receive(source, partition, events):
            self._ring()
