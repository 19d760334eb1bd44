"""Messages that wait: through quiet hours, and while a server refuses them for now."""

from datetime import datetime, timedelta
from typing import Any

from services.campaigns.domain.message.commands import DeferMessage, MarkRefused
from services.campaigns.domain.message.events import (
    MessageBounced,
    MessageDeferred,
    MessageQueued,
    MessageRequeued,
)
from services.campaigns.domain.message.state import Message

FIRST, LONGEST = timedelta(minutes=5), timedelta(hours=12)
ATTEMPTS, PATIENCE = 12, timedelta(hours=72)


def defer(message: Message, queued: MessageQueued, command: DeferMessage) -> list[Any]:
    """A message that waits for its turn waits longer; nothing else does."""
    if message.status != "queued":
        return []
    said = (command.message_id, queued.campaign_id, command.reason, command.until, message.attempt)
    return [MessageDeferred(*said)]


def refused(message: Message, queued: MessageQueued, command: MarkRefused) -> list[Any]:
    """Refused for now: tried again later, as another attempt; for too long: a soft bounce.

    The pauses double from five minutes to twelve hours (RFC 5321, section 4.5.4.1, asks for thirty minutes
    and more after the first ones, and four to five days at most); the end is 12 attempts or 72 hours.
    """
    if message.status != "queued" or message.attempt != command.attempt:
        return []
    key, times, until = command.message_id, message.refusals + 1, next_attempt(message, command.at)
    since = message.refused_since or command.at
    if times >= ATTEMPTS or until - since > PATIENCE:
        return [MessageBounced(key, queued.campaign_id, queued.contact_id, "soft", command.detail)]
    again = (until, message.attempt + 1, command.detail, command.at)
    return [MessageDeferred(key, queued.campaign_id, "refused", *again)]


def next_attempt(message: Message, at: datetime) -> datetime:
    """Return when a message that is refused now is tried again."""
    doubled: timedelta = FIRST * 2**message.refusals
    return at + min(doubled, LONGEST)


def requeue(message: Message, queued: MessageQueued) -> list[Any]:
    """The wait is over."""
    if message.deferred is None:
        return []
    return [MessageRequeued(queued.message_id, queued.campaign_id, message.deferred.attempt)]
