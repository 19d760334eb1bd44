"""Publishing that returns only when the broker has every message on disk."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from kombu import Exchange

from shared.errors import Unavailable
from shared.events.wire import Message
from shared.relay.session import HEARTBEAT, Lost, Session
from shared.topology import EVENTS

ATTEMPTS = 3


class Unroutable(Unavailable):
    """No queue is bound for these messages, though a route was required; `ids` names them."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        self.ids = ids
        super().__init__(f"no queue wants {len(ids)} messages; is the topology declared?")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`confirmed` messages are safe; `unroutable` names those of them that no queue wanted."""

    confirmed: int
    unroutable: tuple[str, ...] = ()


class Publisher:
    """A lazily connected, reconnecting publisher with pipelined confirms; safe to share between threads.

    Messages keep their order. After a failure anything of the call may be in the broker: publish again.
    """

    def __init__(
        self,
        amqp_url: str,
        window: int = 2000,
        timeout: float = 5.0,
        exchange: Exchange = EVENTS,
        require_route: bool = False,
    ) -> None:
        self._amqp_url, self._window, self._timeout = amqp_url, window, timeout
        self._exchange, self._require_route = exchange, require_route
        self._session: Session | None = None
        self._deadline = 0.0
        self._lock, self._closing = threading.Lock(), threading.Event()
        self._keeper: threading.Thread | None = None
        self.unroutable = 0

    def publish(self, messages: Sequence[Message]) -> Outcome:
        """Return once every message is confirmed.

        Raises Unavailable when the broker is away, blocked, refuses, or does not confirm within the timeout;
        Unroutable when a route is required and missing.
        """
        deadline = time.monotonic() + self._timeout
        if not self._lock.acquire(timeout=self._timeout):
            raise Unavailable(f"the publisher was busy for {self._timeout} s")
        try:
            self._deadline = deadline
            unroutable = tuple(self._publish(messages))
        except BaseException:  # also when this thread is killed in the middle: the stream of frames is broken
            self._drop()
            raise
        finally:
            self._lock.release()
        self.unroutable += len(unroutable)
        if unroutable and self._require_route:
            raise Unroutable(unroutable)
        return Outcome(len(messages), unroutable)

    def close(self) -> None:
        """End the connection."""
        self._closing.set()
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None

    def _publish(self, messages: Sequence[Message]) -> list[str]:
        returned: list[str] = []
        for _ in range(ATTEMPTS):
            refused = self._send(messages)
            returned += self._connected().returned()
            if not refused:
                return returned
            messages = messages[refused[0] :]  # with those behind it, so that order holds
        raise Unavailable(f"the broker refused {len(messages)} messages {ATTEMPTS} times")

    def _send(self, messages: Sequence[Message]) -> list[int]:
        fresh = self._session is None
        try:
            return self._connected().send(messages)
        except Lost:
            self._drop()
            if fresh:
                raise
        return self._connected().send(messages)  # an idle connection may have died unnoticed: once more

    def _connected(self) -> Session:
        if self._session is None:
            self._session = self._connect()
            self._start_keeper()
        return self._session

    def _connect(self) -> Session:
        # Who has waited for the turn of another caller has only the rest of the time: a broker that stands
        # still would otherwise cost every waiter the whole of it (tests/chaos/test_broker_away.py).
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Unavailable(f"the broker did not answer within {self._timeout} s")
        return Session(self._amqp_url, self._exchange, self._window, self._timeout, left)

    def _drop(self) -> None:
        if self._session is not None:
            self._session.drop()
            self._session = None

    def _start_keeper(self) -> None:
        if self._keeper is None or not self._keeper.is_alive():
            self._keeper = threading.Thread(target=self._keep, name="publisher-heartbeat", daemon=True)
            self._keeper.start()

    def _keep(self) -> None:
        while not self._closing.wait(HEARTBEAT / 4):
            if self._lock.acquire(blocking=False):
                try:
                    self._tick()
                finally:
                    self._lock.release()

    def _tick(self) -> None:
        try:
            if self._session is not None:
                self._session.tick()
        except Lost:
            self._drop()
