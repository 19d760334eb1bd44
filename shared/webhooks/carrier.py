"""Carry the log to one subscriber: in order, at least once. A mark moves only after an answer."""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from shared.decide import Context, Streams
from shared.events import Event, Meta
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.privacy import Vault
from shared.telemetry import metrics
from shared.webhooks.messages import DisableWebhook
from shared.webhooks.posting import Outcome
from shared.webhooks.progress import LONGEST, Mark, failed, following, hopeless, moved, pause
from shared.webhooks.signing import Secrets, body_of, signed
from shared.webhooks.subscription import Webhook

LOT, SLICE_SECONDS = 100, 5.0
log = logging.getLogger(__name__)


class Keeping(Protocol):
    """Where marks and deliveries are kept, see `shared.webhooks.book.Book`."""

    def marks(self, keys: Sequence[str]) -> Mapping[str, Mark]:
        """Return the marks of several subscriptions."""
        ...

    def advance(self, key: str, old: Mark | None, new: Mark) -> bool:
        """Store the new mark if the old one is stored."""
        ...

    def note(self, key: str, event: Event, attempts: int, outcome: Outcome, at: datetime) -> None:
        """Keep what became of a delivery."""
        ...


class Carrier:
    """Serves one subscriber at a time for a few seconds; a crash at any line repeats a delivery at most."""

    def __init__(
        self,
        webhooks: Streams[Webhook],
        book: Keeping,
        vault: Vault,
        secrets: Secrets,
        post: Callable[[str, bytes, Mapping[str, str]], Outcome],
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._webhooks, self.book, self._vault = webhooks, book, vault
        self._secrets, self._post, self._clock, self._chance = secrets, post, clock, chance

    def serve(self, key: str, leads: Callable[[], bool]) -> None:
        """Deliver until nothing is left, something fails, or the time is over. Raises Unavailable."""
        until = time.monotonic() + SLICE_SECONDS
        webhook = self._webhooks.load([key], fresh=True)[key].state
        mark = self._begun(key, webhook)
        while mark and webhook.status == "active" and time.monotonic() < until and leads():
            events = self._webhooks.store.read_log(mark.position, LOT)
            if not events:
                return
            mark = self._carry(key, webhook, mark, events, until)

    def _begun(self, key: str, webhook: Webhook) -> Mark | None:
        """Return the mark to go on from: at first the place of the registration in the log."""
        known = self.book.marks([key]).get(key)
        begun = following(known or self._first(key), webhook)
        return begun if begun == known or self.book.advance(key, known, begun) else None

    def _first(self, key: str) -> Mark:
        (registered, *_) = self._webhooks.store.read_stream(self._webhooks.decider.stream(key))
        return Mark(registered.position)

    def _carry(
        self, key: str, webhook: Webhook, mark: Mark, events: Sequence[Event], until: float
    ) -> Mark | None:
        """Deliver a lot; return the mark to go on from, None after a failure or when another is at it."""
        stored = mark
        for event in events:
            if not webhook.wants(event.full_type):
                mark = moved(mark, event.position)
                continue
            mark = self._attempt(key, webhook, mark, event)
            if not self.book.advance(key, stored, mark) or mark.attempts:
                return None
            stored = mark
            if time.monotonic() >= until:
                return mark
        return mark if mark == stored or self.book.advance(key, stored, mark) else None

    def _attempt(self, key: str, webhook: Webhook, mark: Mark, event: Event) -> Mark:
        outcome, at = self._deliver(key, webhook, event), self._clock()
        metrics.WEBHOOK_DELIVERIES.labels("delivered" if outcome.delivered else "failed").inc()
        self.book.note(key, event, mark.attempts + 1, outcome, at)
        if outcome.delivered:
            return moved(mark, event.position)
        wanted = timedelta(seconds=outcome.retry_after)
        wait = max(pause(mark.attempts + 1, self._chance()), min(wanted, LONGEST))
        after = failed(mark, at, wait, outcome.error)
        if outcome.gone or hopeless(after, at):
            self._give_up(key, after, outcome, at)
        return after

    def _deliver(self, key: str, webhook: Webhook, event: Event) -> Outcome:
        if webhook.registered is None:
            raise LookupError(f"webhook {key} has no address")
        at = self._clock()
        secrets = [self._secrets.of(key, number) for number in webhook.generations(at)]
        body = body_of(event, webhook, self._vault, at)
        return self._post(webhook.registered.url, body, signed(event.id, at, body, secrets))

    def _give_up(self, key: str, mark: Mark, outcome: Outcome, at: datetime) -> None:
        why = "the receiver is gone" if outcome.gone else f"failing since {mark.failing_since}"
        command_id = derived("webhook disabled", key, str(mark.turns))
        meta = Meta(command_id, derived("correlation", command_id), actor="system:webhooks")
        command = DisableWebhook(key, f"{why}: {outcome.error}"[:500])
        self._webhooks.handle(key, command, Context(at, meta))
        log.warning("webhook %s is disabled: %s", key, why)
