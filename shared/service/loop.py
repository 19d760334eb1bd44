"""A background loop that survives failures and tells about them."""

import logging
from collections.abc import Callable

from shared.relay.bell import Bell
from shared.telemetry import metrics

log = logging.getLogger(__name__)


class Loop:
    """Repeats `step` at once while it returns something truthy, else after a pause that grows while idle.

    `trouble` is the last failure as long as it lasts; `failures` counts all of them.
    """

    def __init__(
        self, name: str, step: Callable[[], object], bell: Bell, shortest: float = 0.25, longest: float = 2.0
    ) -> None:
        self.name, self._step, self._bell = name, step, bell
        self._shortest, self._longest = shortest, longest
        self.stopping, self.failures = False, 0
        self.trouble: str | None = None

    def run(self) -> None:
        """Run until `stop` is called."""
        pause = self._shortest
        while not self.stopping:
            busy = self.once()
            rang = not busy and not self.stopping and self._bell.wait(pause)
            pause = self._shortest if busy or rang else min(2 * pause, self._longest)

    def once(self) -> bool:
        """Do one step; False when it did nothing or failed."""
        try:
            busy = bool(self._step())
        except Exception as error:  # a loop outlives its failures: recorded, counted, shown
            self.failures += 1
            metrics.LOOP_FAILURES.labels(self.name).inc()
            self.trouble = f"{self.name}: {error!r}"
            log.warning("loop %s failed %d times: %r", self.name, self.failures, error)
            return False
        self.trouble = None
        return busy

    def stop(self) -> None:
        """End the loop after the step that is running."""
        self.stopping = True
        self._bell.ring()
