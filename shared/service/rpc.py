"""Answers questions that come by RPC, in the wire protocol of nameko: its standalone client can ask.

nameko's own consumer ends the process when the broker is away at the start and hangs when it is away at the
end (docs/adr/0015-rpc-for-questions.md), so the queue is read here. A question is acknowledged before it is
answered: who asked and got nothing asks again.
"""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import eventlet
from kombu import Connection, Consumer, Exchange, Message, Producer, Queue
from nameko.constants import HEADER_PREFIX
from nameko.extensions import DependencyProvider

from shared.service.ending import end
from shared.service.rpc_calls import Calls
from shared.telemetry import metrics
from shared.topology import SOCKET

log = logging.getLogger(__name__)

EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
READERS = 2  # questions of one process that are answered side by side
PATIENCE_MS = 30_000  # nobody waits longer for an answer
POLL, HEARTBEAT, STOP_SECONDS = 0.5, 20, 0.3
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


class RpcServer(DependencyProvider):
    """Serves the reads of `app.http` by RPC once the service is prepared; part of every service."""

    def __init__(self) -> None:
        self.readers: list[Reader] = []

    def start(self) -> None:
        """Start the readers; a broker that is away is waited for."""
        http = getattr(self.container.app, "http", None)
        if http is None:
            return
        calls, name = Calls(http), self.container.service_name
        self.readers = [Reader(self.container, calls, name) for _ in range(READERS)]

    def stop(self) -> None:
        """Let running answers finish for a moment."""
        for reader in self.readers:
            reader.stopping = True
        until = time.monotonic() + (STOP_SECONDS if self.container.prepared.ready() else 0)
        for reader in self.readers:
            end(reader.thread, max(until - time.monotonic(), 0))

    def trouble(self) -> str | None:
        """Return why questions are not answered, or None."""
        return next((reader.trouble for reader in self.readers if reader.trouble), None)

    def revive(self) -> None:
        """Start readers again that have died."""
        for reader in self.readers:
            if reader.thread.dead and not reader.stopping:
                reader.spawn()


class Reader:
    """Takes one question after the other from the service's queue, over a connection of its own."""

    def __init__(self, container: Any, calls: Calls, service: str) -> None:
        self._container, self._calls = container, calls
        arguments = {"x-message-ttl": PATIENCE_MS}
        key = f"{service}.*"
        self._queue = Queue(f"rpc-{service}", EXCHANGE, key, durable=True, queue_arguments=arguments)
        self.stopping = False
        self.trouble: str | None = f"rpc-{service}: not connected yet"
        self.spawn()

    def spawn(self) -> None:
        """Start reading."""
        self.thread = self._container.spawn_managed_thread(self.run, identifier=self._queue.name)

    def run(self) -> None:
        """Connect, answer, and connect again after any failure, until stopped."""
        self._container.prepared.wait()
        pause = FIRST_PAUSE
        while not self.stopping:
            try:
                self._serve()
                pause = FIRST_PAUSE
            except Exception as error:  # the loop outlives everything: what escapes would kill the service
                self.trouble = f"{self._queue.name}: {error!r}"
                metrics.LOOP_FAILURES.labels("rpc").inc()
                log.warning("serving %s: %r", self._queue.name, error)
                eventlet.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _serve(self) -> None:
        url = self._container.config["AMQP_URI"]
        with Connection(url, heartbeat=HEARTBEAT, connect_timeout=5, transport_options=SOCKET) as connection:
            channel = connection.channel()
            producer = Producer(channel, EXCHANGE)
            consumer = Consumer(channel, [self._queue], accept=["json"], prefetch_count=1)
            consumer.register_callback(lambda body, message: self._handle(producer, body, message))
            consumer.on_decode_error = lambda message, _: self._handle(producer, None, message)
            consumer.consume()
            self.trouble = None
            self._drain(connection)

    def _drain(self, connection: Connection) -> None:
        beat_at = 0.0
        while not self.stopping:
            with suppress(TimeoutError):
                connection.drain_events(timeout=POLL)
            if time.monotonic() >= beat_at:
                connection.heartbeat_check()
                beat_at = time.monotonic() + HEARTBEAT / 4

    def _handle(self, producer: Producer, body: Any, message: Message) -> None:
        message.ack()
        reply_to = message.properties.get("reply_to")
        if not reply_to:
            return
        method = message.delivery_info["routing_key"].rpartition(".")[2]
        answer = self._calls.answer(method, body, context_of(message.headers))
        correlation = message.properties.get("correlation_id")
        producer.publish(answer, routing_key=reply_to, serializer="json", correlation_id=correlation)


def context_of(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context of a call, as nameko puts it into the headers."""
    prefix = f"{HEADER_PREFIX}."
    return {name.removeprefix(prefix): value for name, value in headers.items()}
