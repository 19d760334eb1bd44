"""One confirming channel on one connection; any failure ends it."""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from amqp.exceptions import AMQPError
from kombu import Connection, Exchange
from kombu.exceptions import OperationalError

from shared.errors import Unavailable
from shared.events.wire import Message
from shared.relay.confirms import Confirms
from shared.relay.frames import pack
from shared.topology import SOCKET

LOT = 100  # messages in one write to the socket
HEARTBEAT = 20
_INSTANT = 0.001


class Lost(Unavailable):
    """The connection ended while messages were unanswered; a new connection may work at once."""


class Session:
    """Publishes with a window of unanswered messages. Raises Lost or Unavailable, and is over then."""

    def __init__(
        self, amqp_url: str, exchange: Exchange, window: int, timeout: float, connect_timeout: float
    ) -> None:
        self._exchange, self._window, self._timeout = exchange.name, max(window, LOT), timeout
        self._confirms, self._returned = Confirms(), list[str]()
        self._blocked = False
        self._owner = Connection(
            amqp_url, heartbeat=HEARTBEAT, connect_timeout=connect_timeout, transport_options=SOCKET
        )
        try:
            self._open(exchange)
        except (OSError, AMQPError, OperationalError) as error:
            self.drop()
            raise Unavailable(f"the broker does not answer: {error}") from error

    def _open(self, exchange: Exchange) -> None:
        # Every host once and no pause: `connect` would sleep for two seconds and try again.
        self._owner.ensure_connection(max_retries=max(len(self._owner.alt) - 1, 0))
        self._amqp: Any = self._owner.connection
        self._amqp.on_blocked = self._on_blocked
        self._channel = self._amqp.channel()
        exchange(self._channel).declare()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._confirms.ack)
        self._channel.events["basic_nack"].add(self._confirms.nack)
        self._channel.events["basic_return"].add(self._on_return)

    def send(self, messages: Sequence[Message]) -> list[int]:
        """Publish in order; return the indexes the broker refused, once it has answered for all."""
        first = self._confirms.sent + 1
        try:
            for start in range(0, len(messages), LOT):
                self._write(messages[start : start + LOT])
                self._await(self._window - LOT)
            self._await(0)
        except TimeoutError as error:
            raise Unavailable(f"the broker did not confirm within {self._timeout} s") from error
        except (OSError, AMQPError) as error:
            raise Lost(f"the connection to the broker ended: {error}") from error
        return self._refused(first)

    def returned(self) -> list[str]:
        """Take the ids of the messages that no queue wanted."""
        taken, self._returned = self._returned, []
        return taken

    def tick(self) -> None:
        """Keep an idle connection: read what came, send a heartbeat when one is due."""
        try:
            self._drain()
            self._amqp.heartbeat_tick()
        except (OSError, AMQPError) as error:
            raise Lost(f"the connection to the broker ended: {error}") from error

    def close(self) -> None:
        """End the connection in order; a broker that does not answer within a second is left alone."""
        with suppress(OSError, AMQPError), self._amqp.transport.having_timeout(1.0):
            self._amqp.close()
        self.drop()

    def drop(self) -> None:
        """End the connection at once: a blocked broker would not answer a closing handshake."""
        amqp = self._owner.connection if self._owner.connected else None
        if amqp is not None and amqp.transport is not None:
            amqp.transport.close()

    def _write(self, lot: Sequence[Message]) -> None:
        channel, exchange, limit = self._channel.channel_id, self._exchange, self._amqp.frame_max
        frames = b"".join([pack(message, channel, exchange, limit) for message in lot])
        for _ in lot:
            self._confirms.next()
        with self._amqp.transport.having_timeout(self._timeout):
            self._amqp.transport.write(frames)
        self._amqp.bytes_sent += 1
        self._drain()

    def _await(self, most_open: int) -> None:
        deadline = time.monotonic() + self._timeout
        while self._confirms.open > most_open:
            self._refuse_blocked()
            open_before = self._confirms.open
            self._amqp.drain_events(timeout=max(deadline - time.monotonic(), _INSTANT))
            if self._confirms.open < open_before:
                deadline = time.monotonic() + self._timeout
        self._refuse_blocked()

    def _drain(self) -> None:
        with suppress(TimeoutError):
            while True:
                self._amqp.drain_events(timeout=_INSTANT)

    def _refuse_blocked(self) -> None:
        if self._blocked:
            raise Unavailable(
                "the broker accepts no messages: a memory or disk alarm blocks it", retry_after=10
            )

    def _refused(self, first: int) -> list[int]:
        tags, self._confirms.nacked = sorted(self._confirms.nacked), []
        return [tag - first for tag in tags]

    def _on_blocked(self, _reason: str) -> None:
        self._blocked = True

    def _on_return(self, _error: object, _exchange: str, _key: str, message: Any) -> None:
        self._returned.append(message.properties.get("message_id", ""))
