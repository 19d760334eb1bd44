"""The nameko entrypoint for ordered batches: per queue one batch in flight, acknowledged when handled."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from kombu import Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared.consume.delivery import Delivery
from shared.consume.reader import HEARTBEAT, Reader
from shared.consume.walker import Tagged
from shared.errors import Error
from shared.service.ending import end
from shared.telemetry import metrics

log = logging.getLogger(__name__)

Queues = Callable[[Any], Sequence[Queue]]
LONGEST_PAUSE = 5.0
DRAIN_SECONDS = 2.5


class Poison(Error):
    """The handler has done all but the deliveries at `indexes`, which can never succeed."""

    def __init__(self, indexes: Iterable[int]) -> None:
        self.indexes = frozenset(indexes)
        super().__init__(f"deliveries {sorted(self.indexes)} can never succeed")


class BatchConsumer(Entrypoint):
    """Calls the method with `list[Delivery]`: every partition in order, batch after batch, at least once.

    `queues` maps the process's settings to the queues, one consumer each. A batch holds what arrives within
    `wait` seconds of its first message, at most `size`. Poison goes to the dead letters; after any other
    error the same batch is tried again, with a growing pause, while its partition waits.
    """

    def __init__(
        self, *, queues: Queues, size: int = 500, wait: float = 0.01, retry_delay: float = 0.5, **options: Any
    ) -> None:
        self.queues, self.size, self.wait, self.retry_delay = queues, size, wait, retry_delay
        self.stopping, self.counts = False, Counter[str]()
        self.readers: list[QueueLoop] = []
        super().__init__(**options)

    def start(self) -> None:
        """Start one loop per queue; a broker that is away is waited for."""
        for queue in self.queues(self.container.config["settings"]):
            self.readers.append(QueueLoop(self, queue))
            self._spawn(self.readers[-1])

    def stop(self) -> None:
        """Let running batches finish, for some seconds; what is unfinished is redelivered."""
        self.stopping = True
        until = time.monotonic() + (DRAIN_SECONDS if self.container.prepared.ready() else 0)
        for loop in self.readers:
            end(loop.thread, max(until - time.monotonic(), 0))

    def kill(self) -> None:
        """Stop at once; nothing more is acknowledged and the broker redelivers."""
        self.stopping = True
        for loop in self.readers:
            loop.thread.kill()

    def trouble(self) -> str | None:
        """Return why some queue is not being consumed, or None."""
        return next((loop.trouble for loop in self.readers if loop.trouble), None)

    def revive(self) -> None:
        """Start loops again that have died, and count them."""
        for loop in self.readers:
            if loop.thread.dead and not self.stopping:
                self.counts["restarts"] += 1
                self._spawn(loop)

    def _spawn(self, loop: "QueueLoop") -> None:
        loop.thread = self.container.spawn_managed_thread(loop.run, identifier=f"batch:{loop.name}")


class QueueLoop:
    """Consumes one queue while its entrypoint lives; failures are counted and shown in `trouble`."""

    def __init__(self, entrypoint: BatchConsumer, queue: Queue) -> None:
        self._entrypoint, self._queue, self.name = entrypoint, queue, queue.name
        self._url = entrypoint.container.config["AMQP_URI"]
        self.thread: Any = None
        self.trouble: str | None = None

    def run(self) -> None:
        """Connect, consume, and connect again after any failure, until the entrypoint stops."""
        pause = 0.2
        self.trouble = f"{self.name}: not connected yet"
        self._entrypoint.container.prepared.wait()
        while not self._entrypoint.stopping:
            try:
                self._consume()
                pause = 0.2
            except (
                Exception
            ) as error:  # the loop outlives everything: an escaping error would kill the service
                self._note("connection", error)
                self._sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _consume(self) -> None:
        reader = Reader(self._url, self._queue, self._entrypoint.size, self._entrypoint.wait)
        try:
            self.trouble = None
            while not self._entrypoint.stopping:
                batch = reader.take()
                if batch and not self._entrypoint.stopping:
                    self._handle(reader, batch)
        finally:
            self.trouble = f"{self.name}: not consumed"
            reader.close()

    def _handle(self, reader: Reader, batch: list[Tagged]) -> None:
        pause = self._entrypoint.retry_delay
        deliveries = [delivery for _, delivery in batch]
        while (failure := self._call(reader, deliveries)) is not None and not isinstance(failure, Poison):
            self._note("handler", failure)
            self._sleep(pause, reader)
            pause = min(2 * pause, LONGEST_PAUSE)
            if self._entrypoint.stopping:
                return
        reader.settle(batch, set(failure.indexes) if isinstance(failure, Poison) else set())
        self._entrypoint.counts.update(batches=1, messages=len(batch))
        self.trouble = None

    def _call(self, reader: Reader, deliveries: list[Delivery]) -> BaseException | None:
        done = Signal()
        self._wait_for_worker(reader)
        self._entrypoint.container.spawn_worker(
            self._entrypoint, (deliveries,), {}, context_data={}, handle_result=partial(_report, done)
        )
        while not done.ready():
            with eventlet.Timeout(HEARTBEAT / 4, False):
                done.wait()
            if not done.ready():
                reader.pump()
        outcome: BaseException | None = done.wait()
        return outcome

    def _wait_for_worker(self, reader: Reader) -> None:
        while self._entrypoint.container.worker_pool_is_full():
            eventlet.sleep(0.01)
            reader.pump()

    def _sleep(self, seconds: float, reader: Reader | None = None) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._entrypoint.stopping:
            eventlet.sleep(0.05)
            if reader is not None:
                reader.pump()

    def _note(self, kind: str, error: BaseException) -> None:
        if isinstance(error, ContainerBeingKilled):
            return
        self.trouble = f"{self._queue.name}: {error!r}"
        self._entrypoint.counts[f"{kind} errors"] += 1
        metrics.LOOP_FAILURES.labels(self.name).inc()
        log.warning("consuming %s: %r", self._queue.name, error)


def _report(done: Signal, _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
    failure = exc_info[1] if exc_info else None
    done.send(failure)
    # A failed batch is repeated here and counted; dependencies see the failure, nobody logs it twice.
    return result, exc_info


batch_consume = BatchConsumer.decorator
