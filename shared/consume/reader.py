"""Reading one queue in batches over one connection of its own."""

import time
from contextlib import suppress
from typing import Any

from amqp.exceptions import AMQPError
from kombu import Connection, Queue

from shared.consume.walker import Tagged, Walker
from shared.topology import SOCKET

HEARTBEAT = 20
POLL = 0.5
_INSTANT = 0.001
_LOT_BYTES = 1 << 18


class Reader:
    """The only consumer of a queue, until closed. Network trouble comes out as OSError or AMQPError."""

    def __init__(self, amqp_url: str, queue: Queue, size: int, wait: float) -> None:
        self._size, self._wait = size, wait
        self._buffer: list[Tagged] = []
        self._beat_at = 0.0
        self._walker: Walker | None = None
        self._owner = Connection(amqp_url, heartbeat=HEARTBEAT, connect_timeout=5, transport_options=SOCKET)
        try:
            self._open(queue)
        except BaseException:
            self.close()
            raise

    def _open(self, queue: Queue) -> None:
        self._owner.connect()
        self._amqp: Any = self._owner.connection
        self._channel = self._amqp.channel()
        for exchange in {bound.exchange.name: bound.exchange for bound in queue.bindings}.values():
            exchange(self._channel).declare()
        queue(self._channel).declare()
        self._channel.basic_qos(0, 2 * self._size, False)
        self._channel.basic_consume(queue.name)
        # From here on the broker sends deliveries only: py-amqp writes, the walker reads.
        self._transport = self._amqp.transport
        self._walker = Walker(bytes(self._transport._read_buffer))
        self._buffer += self._walker.feed(b"")

    def take(self) -> list[Tagged]:
        """Return up to `size` messages, `wait` seconds after the first; none when none came in 0.5 s."""
        self._beat()
        with suppress(TimeoutError):
            if not self._buffer:
                self._receive(POLL)
            end = time.monotonic() + self._wait
            while len(self._buffer) < self._size and (left := end - time.monotonic()) > 0:
                self._receive(left)
        batch = self._buffer[: self._size]
        del self._buffer[: self._size]
        return batch

    def pump(self) -> None:
        """Read and beat while a handler works: py-amqp counts missed heartbeats by bytes read."""
        with suppress(TimeoutError):
            while True:
                self._receive(_INSTANT)
        self._beat()

    def settle(self, batch: list[Tagged], poison: set[int]) -> None:
        """Dead-letter the messages at the `poison` indexes and acknowledge all others."""
        for index in sorted(poison):
            self._channel.basic_reject(batch[index][0], requeue=False)
        good = [tag for index, (tag, _) in enumerate(batch) if index not in poison]
        if good:
            self._channel.basic_ack(good[-1], multiple=True)

    def close(self) -> None:
        """Give what is unacknowledged back, in order; basic.cancel would break a single active consumer."""
        amqp = self._owner.connection if self._owner.connected else None
        if amqp is None or amqp.transport is None:
            return
        transport = amqp.transport
        if self._walker is not None:
            transport._read_buffer = self._walker.rest  # py-amqp reads the closing handshake
        with suppress(OSError, AMQPError), transport.having_timeout(1.0):
            amqp.close()
        with suppress(OSError):
            transport.close()

    def _receive(self, timeout: float) -> None:
        assert self._walker is not None  # noqa: S101 - set by _open
        with self._transport.having_timeout(timeout) as sock:
            data = sock.recv(_LOT_BYTES)
        if not data:
            raise ConnectionError("the broker closed the connection")
        self._amqp.bytes_recv += 1
        self._buffer += self._walker.feed(data)

    def _beat(self) -> None:
        if time.monotonic() >= self._beat_at:
            self._amqp.heartbeat_tick()
            self._beat_at = time.monotonic() + HEARTBEAT / 4
