"""Deliveries of other services' events, sorted by source and partition for the reactor."""

import logging
from collections.abc import Sequence

from shared.consume.batch import Poison
from shared.consume.delivery import Delivery
from shared.errors import Invalid
from shared.events import Event
from shared.events.wire import decode
from shared.react.reactor import Reactor

log = logging.getLogger(__name__)


def follow(reactor: Reactor, deliveries: Sequence[Delivery]) -> None:
    """React to a batch. Raises Poison for what is no event: the chain then shows what is missing."""
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
        reactor.receive(source, partition, events)
    if poison:
        raise Poison(poison)
