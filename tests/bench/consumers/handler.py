"""nameko's own `@event_handler` in a stock container: `URL SOURCE TOTAL`."""

# ruff: noqa: E402 - the patch comes first
import eventlet

eventlet.monkey_patch()

import sys
from typing import Any

from nameko.containers import ServiceContainer
from nameko.events import event_handler

from tests.bench.consumers.meter import Meter, check

URL, SOURCE, TOTAL = sys.argv[1:] if __name__ == "__main__" else ("", "bench", "0")
METER = Meter(int(TOTAL))


class Handling:
    """One event handler; the event arrives decoded by kombu."""

    name = "handling"

    @event_handler(SOURCE, "event")
    def receive(self, event: dict[str, Any]) -> None:
        """Check one event."""
        check(event["type"], event["data"])
        METER.add(1)


if __name__ == "__main__":
    container = ServiceContainer(Handling, {"AMQP_URI": URL, "max_workers": 10})
    container.start()
    container.wait()
