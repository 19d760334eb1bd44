"""Deliveries of other services' events, handed to the reactor; and what the queues lost."""

import logging
from collections.abc import Sequence

from shared.consume.delivery import Delivery
from shared.consume.distribute import distribute
from shared.errors import Unavailable
from shared.react.reactor import Reactor
from shared.telemetry import metrics

log = logging.getLogger(__name__)


def follow(reactor: Reactor, deliveries: Sequence[Delivery]) -> None:
    """React to a batch. Raises Poison for what is no event."""
    distribute(deliveries, reactor.receive)


def audit(reactor: Reactor, sources: Sequence[str]) -> None:
    """React to what the queues lost; a source that is away is counted, and asked again the next time."""
    for source in sources:
        try:
            reactor.audit(source)
        except Unavailable as error:
            metrics.LOOP_FAILURES.labels("audit").inc()
            log.warning("%s can not be audited now: %s", source, error)
