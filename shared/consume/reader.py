"""Reading one queue in batches over one connection of its own."""

import time
from contextlib import suppress
from typing import Any

import amqp.serialization
from amqp.exceptions import AMQPError
from kombu import Connection, Queue

from shared.consume.delivery import Delivery

HEARTBEAT = 20
POLL = 0.5
_INSTANT = 0.001


def _lenient(raw: bytes | str) -> str:
    return raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else raw


# py-amqp fails on header text that is not UTF-8; such a message could then never be taken off its queue.
amqp.serialization.pstr_t = _lenient


class Reader:
    """The only consumer of a queue, until closed. Network trouble comes out as OSError or AMQPError."""

    def __init__(self, amqp_url: str, queue: Queue, size: int, wait: float) -> None:
        self._size, self._wait = size, wait
        self._buffer: list[Any] = []
        self._beat_at = 0.0
        self._owner = Connection(amqp_url, heartbeat=HEARTBEAT, connect_timeout=5)
        try:
            self._open(queue)
        except BaseException:
            self.close()
            raise

    def _open(self, queue: Queue) -> None:
        self._owner.connect()
        self._amqp: Any = self._owner.connection
        self._channel = self._amqp.channel()
        self._channel.auto_decode = False  # a handler sees the bytes as they came
        for exchange in {bound.exchange.name: bound.exchange for bound in queue.bindings}.values():
            exchange(self._channel).declare()
        queue(self._channel).declare()
        self._channel.basic_qos(0, 2 * self._size, False)
        self._channel.basic_consume(queue.name, callback=self._buffer.append)

    def take(self) -> list[Any]:
        """Return up to `size` messages, `wait` seconds after the first; none when none came in 0.5 s."""
        self._beat()
        with suppress(TimeoutError):
            if not self._buffer:
                self._amqp.drain_events(timeout=POLL)
            end = time.monotonic() + self._wait
            while len(self._buffer) < self._size and (left := end - time.monotonic()) > 0:
                self._amqp.drain_events(timeout=left)
        batch = self._buffer[: self._size]
        del self._buffer[: self._size]
        return batch

    def pump(self) -> None:
        """Read and beat while a handler works: py-amqp counts missed heartbeats by bytes read."""
        with suppress(TimeoutError):
            while True:
                self._amqp.drain_events(timeout=_INSTANT)
        self._beat()

    def settle(self, batch: list[Any], poison: set[int]) -> None:
        """Dead-letter the messages at the `poison` indexes and acknowledge all others."""
        for index in sorted(poison):
            self._channel.basic_reject(batch[index].delivery_tag, requeue=False)
        good = [message.delivery_tag for index, message in enumerate(batch) if index not in poison]
        if good:
            self._channel.basic_ack(good[-1], multiple=True)

    def close(self) -> None:
        """Give what is unacknowledged back, in order; basic.cancel would break a single active consumer."""
        amqp = self._owner.connection if self._owner.connected else None
        if amqp is None or amqp.transport is None:
            return
        transport = amqp.transport
        with suppress(OSError, AMQPError), transport.having_timeout(1.0):
            amqp.close()
        with suppress(OSError):
            transport.close()

    def _beat(self) -> None:
        if time.monotonic() >= self._beat_at:
            self._amqp.heartbeat_tick()
            self._beat_at = time.monotonic() + HEARTBEAT / 4


def delivery_of(message: Any) -> Delivery:
    """Return the raw delivery of a py-amqp message."""
    properties, info = message.properties, message.delivery_info
    body = message.body
    return Delivery(
        body=body if isinstance(body, bytes) else bytes(body, "utf-8"),
        headers=properties.get("application_headers", {}),
        content_type=properties.get("content_type", ""),
        routing_key=info["routing_key"],
        message_id=properties.get("message_id", ""),
        redelivered=bool(info["redelivered"]),
    )
