"""One leader per service sees to every subscriber, each by a thread of its own."""

import logging
import time
from threading import Lock, Thread

from shared.decide import Streams
from shared.events.clock import Clock
from shared.listing.listing import Listing
from shared.relay.bell import Bell
from shared.relay.lease import Leadership
from shared.telemetry import metrics
from shared.webhooks.carrier import Carrier
from shared.webhooks.progress import following, resting
from shared.webhooks.subscription import Webhook

MOST = 1_000
AT_ONCE = 16
log = logging.getLogger(__name__)


class Courier:
    """A subscriber that is slow or fails holds up itself alone.

    It has one thread at a time, for a few seconds, and after a failure none until its next attempt is due;
    who was served last waits longest.
    """

    def __init__(
        self,
        webhooks: Streams[Webhook],
        listing: Listing,
        carrier: Carrier,
        leadership: Leadership,
        clock: Clock,
    ) -> None:
        self._webhooks, self._listing, self._carrier = webhooks, listing, carrier
        self._leadership, self._clock = leadership, clock
        self._busy: set[str] = set()
        self._served: dict[str, float] = {}
        self._lock = Lock()
        self.bell = Bell()

    def step(self) -> int:
        """Set off for whom something waits; return for how many. Raises Unavailable."""
        if not self._leadership.hold():
            return 0
        lines = self._listing.page({"status": "active"}, None, MOST)
        keys = [str(line["id"]) for line in lines if line["id"] not in self._busy]
        due = sorted(self._due(keys), key=lambda key: self._served.get(key, 0.0))
        chosen = due[: AT_ONCE - len(self._busy)]
        for key in chosen:
            self._set_off(key)
        return len(chosen)

    def release(self) -> None:
        """Give up leadership, so that another process continues at once."""
        self._leadership.release()

    def _due(self, keys: list[str]) -> list[str]:
        if not keys:
            return []
        head, now = self._webhooks.store.head().position, self._clock()
        marks, states = self._carrier.book.marks(keys), self._webhooks.load(keys, fresh=True)
        due = []
        for key in keys:
            mark, webhook = marks.get(key), states[key].state
            behind = mark is None or following(mark, webhook).position < head
            if behind and not (mark and resting(mark, webhook, now)):
                due.append(key)
        return due

    def _set_off(self, key: str) -> None:
        with self._lock:
            self._busy.add(key)
            self._served[key] = time.monotonic()
        Thread(target=self._serve, args=(key,), name=f"webhook {key}", daemon=True).start()

    def _serve(self, key: str) -> None:
        ended = False
        try:
            self._carrier.serve(key, self._leadership.hold)
            ended = True
        except Exception:  # what befalls one subscriber is told and counted, and tried again a little later
            metrics.LOOP_FAILURES.labels("webhooks").inc()
            log.exception("webhook %s could not be served", key)
        finally:
            with self._lock:
                self._busy.discard(key)
            if ended:
                self.bell.ring()
