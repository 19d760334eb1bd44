"""The background thread: publishes with pipelined confirms, reconnects, never gives up until told to."""

import threading
from contextlib import suppress

import pika
from pika.exceptions import AMQPError

from .outbox import Outbox
from .session import Session

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


class Sender(threading.Thread):
    """Empties the outbox into the broker, one connection after the other."""

    def __init__(self, url: str, exchange: str, outbox: Outbox, window: int) -> None:
        super().__init__(name="rapport-channel", daemon=True)
        self._parameters = pika.URLParameters(url)
        self._parameters.heartbeat = 15
        self._parameters.socket_timeout = self._parameters.stack_timeout = 5
        self._exchange, self._outbox, self._window = exchange, outbox, window
        self._stopping = threading.Event()
        self._session: Session | None = None
        self.problem: str | None = None

    def run(self) -> None:
        """Keep a session open until `stop`; wait ever longer, 5 s at most, while the broker is away."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            session = self._attempt()
            pause = FIRST_PAUSE if session.opened else min(pause * 2, LONGEST_PAUSE)
            self._outbox.away()
            self._stopping.wait(pause)

    def _attempt(self) -> Session:
        session = Session(self._parameters, self._exchange, self._outbox, self._window, self._tell)
        self._session = session
        try:
            session.run()
        except (AMQPError, OSError) as error:
            self._tell(f"the broker is away: {error!r}")
        finally:
            self._session = None
        return session

    def _tell(self, problem: str | None) -> None:
        self.problem = problem

    def wake(self) -> None:
        """Say that the outbox has something."""
        session = self._session
        if session is not None:
            session.wake()

    def stop(self, timeout: float = 10.0) -> None:
        """End the thread; what is not confirmed stays in the outbox."""
        self._stopping.set()
        session = self._session
        if session is not None:
            with suppress(AMQPError):
                session.end()
        self.join(timeout)
