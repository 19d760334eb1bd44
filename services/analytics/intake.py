"""Deliveries into the journal: decode, sort by source and partition, journal, wake the folds."""

import logging
from collections.abc import Callable, Mapping, Sequence

from services.analytics.sources import HttpLog
from shared.consume.batch import Poison
from shared.consume.delivery import Delivery
from shared.errors import Invalid, Unavailable
from shared.events import Event
from shared.events.wire import decode
from shared.project.intake import Intake
from shared.telemetry.metrics import JOURNAL_LAG, LOOP_FAILURES

log = logging.getLogger(__name__)


class Reception:
    """What the queues bring, and what they have lost."""

    def __init__(self, intake: Intake, sources: Mapping[str, HttpLog], ring: Callable[[], None]) -> None:
        self._intake, self._sources, self._ring = intake, sources, ring

    def receive(self, deliveries: Sequence[Delivery]) -> None:
        """Journal a batch. Raises Poison for what is no event: the log then fills the broken chain."""
        parts: dict[tuple[str, int], list[Event]] = {}
        poison = []
        for index, delivery in enumerate(deliveries):
            try:
                event = decode(delivery.headers, delivery.body)
            except Invalid as error:
                log.warning("a message on %s is no event: %s", delivery.routing_key, error)
                poison.append(index)
            else:
                parts.setdefault((event.service, event.partition), []).append(event)
        for (source, partition), events in parts.items():
            self._journal(source, partition, events)
        if poison:
            raise Poison(poison)

    def audit(self) -> None:
        """Compare every source's head with the journal, fill what is missing; a source that is away waits."""
        for name, source in self._sources.items():
            try:
                if self._intake.audit(name):
                    self._ring()
                JOURNAL_LAG.labels(name).set(0)
            except Unavailable as error:
                LOOP_FAILURES.labels("audit").inc()
                log.info("%s can not be audited now: %s", source.service, error)

    def _journal(self, source: str, partition: int, events: list[Event]) -> None:
        if self._intake.receive(source, partition, events):
            self._ring()
