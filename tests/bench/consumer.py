"""A service that decodes and counts: `python -m tests.bench.consumer AMQP_URL QUEUE COUNT`."""

# ruff: noqa: E402 - the patch comes first, as in the runner
import eventlet

eventlet.monkey_patch()

import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import Any

from kombu import Queue

from shared.consume.batch import batch_consume
from shared.consume.delivery import Delivery
from shared.events.wire import decode
from shared.service import runner
from shared.service.base import Service

HARD = {"x-queue-type": "quorum", "x-single-active-consumer": True}


@dataclass
class Settings:
    """What the bench consumer needs."""

    amqp_url: str
    queue: str
    count: int


class Counting:
    """Counts from the first batch to the last, then ends the process."""

    def __init__(self, count: int) -> None:
        self.wanted, self.seen, self.begun = count, 0, 0.0

    def take(self, events: list[Any]) -> None:
        """Count; the first batch only starts the clock."""
        if not self.begun:
            self.begun, self.wanted = time.perf_counter(), self.wanted - len(events)
            return
        self.seen += len(events)
        if self.seen >= self.wanted:
            rate = self.seen / (time.perf_counter() - self.begun)
            sys.stdout.write(json.dumps({"rate": rate}) + "\n")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGTERM)


def queues(settings: Settings) -> list[Queue]:
    """Return the queue to measure."""
    return [Queue(settings.queue, durable=True, queue_arguments=HARD)]


class Bench(Service):
    """Decodes and counts."""

    name = "bench"

    @batch_consume(queues=queues)
    def receive(self, deliveries: list[Delivery]) -> None:
        """Decode, as every real handler does first."""
        self.app.take([decode(delivery.headers, delivery.body) for delivery in deliveries])


if __name__ == "__main__":
    url, queue, count = sys.argv[1:]
    runner.host(Bench, Settings(url, queue, int(count)), Counting(int(count)))
