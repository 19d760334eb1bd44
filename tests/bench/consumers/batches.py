"""Our batch entrypoint in a service container: `URL QUEUE TOTAL`."""

# ruff: noqa: E402 - the patch comes first, as in the runner
import eventlet

eventlet.monkey_patch()

import sys
from dataclasses import dataclass
from typing import Any

from kombu import Queue

from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery, parse
from shared.service import runner
from shared.service.base import Service
from tests.bench.consumers.meter import Meter, check_bytes


@dataclass
class Settings:
    """What this program needs of the settings."""

    amqp_url: str
    queue: str


@dataclass
class Application:
    """Counts."""

    meter: Meter


def queues(settings: Settings) -> list[Queue]:
    """Return the one queue, as it was declared."""
    return [Queue(settings.queue, no_declare=True)]


class Batches(Service):
    """One batch consumer."""

    name = "bench"

    @batch_consume(queues=queues)
    def receive(self, deliveries: list[Delivery]) -> None:
        """Parse and check every event, as a receiver does before it decides."""
        app: Any = self.app
        for delivery in deliveries:
            event = parse(delivery)
            check_bytes(event.attributes["type"], event.data)
        app.meter.add(len(deliveries))


if __name__ == "__main__":
    url, queue, total = sys.argv[1:]
    runner.host(Batches, Settings(url, queue), Application(Meter(int(total))))
