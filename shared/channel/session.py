"""One connection: a window of published messages, each confirmed, refused or given back."""

import threading
from collections.abc import Callable
from typing import Any

import pika
from pika.adapters.select_connection import SelectConnection

from .message import JSON
from .outbox import Entry, Outbox

PAUSE_AFTER_REFUSAL = 0.5  # seconds before messages that the broker refused are offered again


class Session:
    """Publishes from the outbox while the connection lasts. Only `wake` and `end` are for other threads."""

    def __init__(
        self,
        parameters: pika.URLParameters,
        exchange: str,
        outbox: Outbox,
        window: int,
        tell: Callable[[str | None], None],
    ) -> None:
        self._exchange, self._outbox, self._window, self._tell = exchange, outbox, window, tell
        self._open: dict[int, Entry] = {}
        self._returned: set[str] = set()
        self._refused: dict[int, Entry] = {}
        self._tag = 0
        self._blocked = self._resting = self.opened = False
        self._awake = threading.Event()
        self._channel: Any = None
        self._connection = SelectConnection(
            parameters,
            on_open_callback=self._on_open,
            on_open_error_callback=self._on_lost,
            on_close_callback=self._on_lost,
        )

    def run(self) -> None:
        """Return when the connection has ended."""
        self._connection.ioloop.start()

    def wake(self) -> None:
        """Publish what is new; callable from any thread, cheap when already awake."""
        if self.opened and not self._awake.is_set():
            self._awake.set()
            self._connection.ioloop.add_callback_threadsafe(self._pump)

    def end(self) -> None:
        """Close the connection; callable from any thread."""
        self._connection.ioloop.add_callback_threadsafe(self._close)

    def _close(self) -> None:
        # A blocking broker reads nothing, so it would not answer a close either.
        if self._connection.is_open and not self._blocked:
            self._connection.close()
        else:
            self._connection.ioloop.stop()

    def _on_lost(self, _: Any, reason: Any) -> None:
        self.opened = False
        self._tell(f"the broker is away: {reason or 'no reason given'}")
        self._connection.ioloop.stop()

    def _on_open(self, connection: Any) -> None:
        connection.add_on_connection_blocked_callback(self._on_blocked)
        connection.add_on_connection_unblocked_callback(self._on_unblocked)
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_return_callback(self._on_returned)
        channel.confirm_delivery(self._on_answer, callback=self._on_confirming)

    def _on_confirming(self, _: Any) -> None:
        self.opened = True
        self._tell(None)
        self._outbox.here()
        self._pump()

    def _on_channel_closed(self, _: Any, reason: Any) -> None:
        self._tell(f"the broker refuses to publish: {reason}")
        if self._connection.is_open:
            self.opened = False
            self._connection.close()

    def _on_blocked(self, *_: Any) -> None:
        self._blocked = True
        self._outbox.hold()
        self._tell("the broker takes no messages: it is short of memory or disk")

    def _on_unblocked(self, *_: Any) -> None:
        self._blocked = False
        self._tell(None)
        self._outbox.here()
        self._pump()

    def _pump(self) -> None:
        self._awake.clear()
        if not self.opened or self._resting or self._blocked:
            return
        for entry in self._outbox.take(self._window - len(self._open)):
            self._publish(entry)

    def _publish(self, entry: Entry) -> None:
        message = entry.message
        properties = pika.BasicProperties(
            content_type=JSON, headers=message.headers, delivery_mode=2, message_id=message.id
        )
        self._tag += 1
        self._open[self._tag] = entry
        self._channel.basic_publish(self._exchange, message.key, message.body, properties, mandatory=True)

    def _on_returned(self, _: Any, method: Any, properties: Any, __: bytes) -> None:
        self._returned.add(properties.message_id)
        self._tell(f"no queue takes {method.routing_key}")

    def _on_answer(self, frame: Any) -> None:
        answered = self._answered(frame.method.delivery_tag, frame.method.multiple)
        taken = frame.method.NAME == "Basic.Ack"
        bad = {tag: e for tag, e in answered.items() if not taken or e.message.id in self._returned}
        self._outbox.confirm([entry for tag, entry in answered.items() if tag not in bad])
        if bad:
            self._rest(bad)
        if len(self._open) <= self._window // 2:
            self._pump()

    def _answered(self, tag: int, multiple: bool) -> dict[int, Entry]:
        # Answers come out of order when several queues take part, so every tag is looked up.
        tags = [each for each in self._open if each <= tag] if multiple else [tag]
        return {each: self._open.pop(each) for each in tags if each in self._open}

    def _rest(self, refused: dict[int, Entry]) -> None:
        self._refused |= refused
        if not self._resting:
            self._resting = True
            self._connection.ioloop.call_later(PAUSE_AFTER_REFUSAL, self._rested)

    def _rested(self) -> None:
        again = [self._refused[tag] for tag in sorted(self._refused)]
        self._returned.difference_update(entry.message.id for entry in again)
        self._refused.clear()
        self._outbox.give_back(again)
        self._resting = False
        self._pump()
