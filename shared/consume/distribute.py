"""Domain events out of deliveries, handed on by source and partition."""

import logging
from collections.abc import Callable, Sequence

from shared.consume.batch import Poison
from shared.consume.delivery import Delivery
from shared.errors import Invalid
from shared.events import Event
from shared.events.wire import decode

log = logging.getLogger(__name__)
Take = Callable[[str, int, list[Event]], object]


def distribute(deliveries: Sequence[Delivery], take: Take) -> None:
    """Call `take(source, partition, events)` for every partition in a batch.

    Raises Poison for what is no event, when all else is done: the broken chain then shows what is missing.
    """
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
        take(source, partition, events)
    if poison:
        raise Poison(poison)
