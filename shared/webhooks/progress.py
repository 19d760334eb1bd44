"""How far a subscription has come, and when a failed delivery is tried again: values and pure functions."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.webhooks.subscription import Webhook

FIRST, LONGEST = timedelta(seconds=1), timedelta(hours=4)
PATIENCE = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything up to `position` was delivered or not wanted; the next one has failed `attempts` times."""

    position: int
    turns: int = 1
    replays: int = 0
    attempts: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    error: str | None = None


def pause(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after that many attempts: doubled each time, between half and all of it."""
    doubled: timedelta = FIRST * 2 ** min(attempts - 1, 20)
    return min(doubled, LONGEST) * (0.5 + chance / 2)


def following(mark: Mark, webhook: Webhook) -> Mark:
    """Return the mark after what was asked of the subscription: set going anew, or sent back."""
    if (mark.turns, mark.replays) == (webhook.turns, webhook.replays):
        return mark
    position = mark.position if mark.replays == webhook.replays else webhook.after
    return Mark(position, webhook.turns, webhook.replays)


def moved(mark: Mark, position: int) -> Mark:
    """Return the mark after everything up to `position`."""
    return Mark(position, mark.turns, mark.replays)


def failed(mark: Mark, at: datetime, wait: timedelta, error: str | None) -> Mark:
    """Return the mark after another failure."""
    since, attempts = mark.failing_since or at, mark.attempts + 1
    return replace(mark, attempts=attempts, failing_since=since, next_at=at + wait, error=error)


def hopeless(mark: Mark, at: datetime) -> bool:
    """Tell whether the receiver has failed for too long."""
    return mark.failing_since is not None and at - mark.failing_since >= PATIENCE


def resting(mark: Mark, webhook: Webhook, at: datetime) -> bool:
    """Tell whether the next attempt is not due yet."""
    return following(mark, webhook) == mark and mark.next_at is not None and at < mark.next_at
