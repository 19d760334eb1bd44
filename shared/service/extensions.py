"""What a service class lists: the application, background loops, things done every so many seconds."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from nameko.extensions import DependencyProvider, Entrypoint

from shared.errors import Unavailable
from shared.relay.bell import Bell
from shared.service.ending import end
from shared.service.loop import Loop
from shared.telemetry import metrics

log = logging.getLogger(__name__)

STOP_SECONDS = 1.0
RELEASE_SECONDS = 0.3
LAG_SECONDS = 2.0
TICK_SECONDS = 0.25
TIMERS_SECONDS = 0.5
WEBHOOKS_SECONDS = 1.0


class HubTick(DependencyProvider):
    """Wakes the event hub, so that a signal is heard at once, and restarts loops that died.

    Without a timer pending the hub sleeps up to a minute through SIGTERM
    (tests/integration/bus/test_batches.py::test_sigterm_of_an_idle_service_ends_it_at_once).
    """

    def start(self) -> None:
        """Start ticking."""
        self.container.spawn_managed_thread(self._run, identifier="tick")

    def _run(self) -> None:
        while True:
            eventlet.sleep(TICK_SECONDS)
            self.container.revive()


class App(DependencyProvider):
    """Gives methods the application, and prepares it first: consumers and loops wait until that is done."""

    def start(self) -> None:
        """Start preparing."""
        self._trouble: str | None = None
        self.container.spawn_managed_thread(self._prepare, identifier="prepare")

    def get_dependency(self, worker_ctx: Any) -> Any:  # noqa: ARG002 - nameko's signature
        """Return what the bootstrap built."""
        return self.container.app

    def trouble(self) -> str | None:
        """Return why the preparation has not succeeded yet, or None."""
        return self._trouble

    def _prepare(self) -> None:
        prepare = getattr(self.container.app, "prepare", lambda: None)
        pause = 0.2
        while not self._prepared(prepare):
            eventlet.sleep(pause)
            pause = min(2 * pause, 2.0)
        self.container.prepared.send(None)

    def _prepared(self, prepare: Any) -> bool:
        try:
            prepare()
        except Unavailable as error:
            self._trouble = f"waiting: {error}"
            log.warning("cannot prepare yet: %s", error)
            return False
        self._trouble = None
        return True


class Looping:
    """Runs a `Loop` in a thread of the container; a dead loop turns the service unready and is restarted."""

    container: Any
    loop: Loop | None = None
    thread: Any = None
    restarts = 0

    def make_loop(self) -> Loop:
        """Return the loop to run."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the loop once the service is prepared."""
        self.loop = self.make_loop()
        self._spawn(self.loop)

    def trouble(self) -> str | None:
        """Return why the loop does not do its work, or None."""
        if self.loop is None or self.thread.dead:
            return "the loop is not running"
        return self.loop.trouble

    def revive(self) -> None:
        """Restart the loop if it died."""
        if self.loop is not None and self.thread.dead and not self.loop.stopping:
            self.restarts += 1
            self._spawn(self.loop)

    def stop(self) -> None:
        """Let the running step finish, for a moment, then end it."""
        if self.loop is not None:
            self.loop.stop()
            end(self.thread, STOP_SECONDS if self.container.prepared.ready() else 0)

    def _spawn(self, loop: Loop) -> None:
        def run() -> None:
            self.container.prepared.wait()
            loop.run()

        self.thread = self.container.spawn_managed_thread(run, identifier=loop.name)


class Background(Looping, DependencyProvider):
    """A loop that belongs to no method; subclasses make it."""


class RelayLoop(Background):
    """Runs `app.relay`, woken by `app.bell`, and exports what it published and how far it lags."""

    _lag_at = 0.0

    def make_loop(self) -> Loop:
        """Return the loop over the relay's steps."""
        return Loop("relay", self._step, self.container.app.bell)

    def _step(self) -> int:
        relay = self.container.app.relay
        published: int = relay.step()
        metrics.EVENTS_PUBLISHED.inc(published)
        if time.monotonic() >= self._lag_at:
            metrics.RELAY_LAG.set(relay.lag())
            self._lag_at = time.monotonic() + LAG_SECONDS
        return published

    def stop(self) -> None:
        """Stop publishing and give up leadership."""
        super().stop()
        give_up(self.container.app.relay.release)


class TimerLoop(Background):
    """Runs `app.timers`: twice a second it looks for what is due."""

    def make_loop(self) -> Loop:
        """Return the loop over due timers."""
        return Loop("timers", self.container.app.timers.step, Bell(), TIMERS_SECONDS, TIMERS_SECONDS)


class WebhookLoop(Background):
    """Runs `app.courier`, woken when a delivery has ended; looks for new events once a second at least."""

    def make_loop(self) -> Loop:
        """Return the loop that sets deliveries off."""
        courier = self.container.app.courier
        return Loop("webhooks", courier.step, courier.bell, TIMERS_SECONDS, WEBHOOKS_SECONDS)

    def stop(self) -> None:
        """Set nothing off any more and give up leadership."""
        super().stop()
        give_up(self.container.app.courier.release)


def give_up(release: Callable[[], None]) -> None:
    """Release a leadership, for a moment: what is not released in it runs out by itself."""
    with eventlet.Timeout(RELEASE_SECONDS, False):
        try:
            release()
        except Unavailable as error:
            log.warning("the lease runs out by itself: %s", error)


class Every(Looping, Entrypoint):
    """Calls the method every `seconds`, one call at a time; failures are counted and shown."""

    def __init__(self, seconds: float, **options: Any) -> None:
        self.seconds = seconds
        super().__init__(**options)

    def make_loop(self) -> Loop:
        """Return the loop over the method."""
        return Loop(self.method_name, self._call, Bell(), self.seconds, self.seconds)

    def _call(self) -> None:
        done = Signal()
        self.container.spawn_worker(self, (), {}, handle_result=partial(_report, done))
        failure = done.wait()
        if failure is not None:
            raise failure


def _report(done: Signal, _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
    done.send(exc_info[1] if exc_info else None)
    return result, exc_info


every = Every.decorator
