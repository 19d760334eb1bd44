"""A message as decisions see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from services.campaigns.domain.message.events import (
    ComplaintReceived,
    EngagementReclassified,
    LinkClicked,
    MessageBounced,
    MessageDeferred,
    MessageDelivered,
    MessageOpened,
    MessageOutcomeUnknown,
    MessageQueued,
    MessageReplied,
    MessageRequeued,
    MessageSent,
    MessageSuppressed,
    UnsubscribeRequested,
)

Status = Literal["none", "queued", "deferred", "suppressed", "unknown", "sent", "delivered", "bounced"]
WAITING: tuple[Status, ...] = ("queued", "deferred")
LED_TO: dict[type, Status] = {
    MessageQueued: "queued",
    MessageOutcomeUnknown: "unknown",
    MessageRequeued: "queued",
    MessageDelivered: "delivered",
    MessageBounced: "bounced",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `engagements` maps the ids of opens and clicks to whether a machine did them.

    `deferred` is what it waits for, `suppressed` why it is not sent; `refusals` counts the attempts the
    server has refused for now.
    """

    status: Status = "none"
    queued: MessageQueued | None = None
    attempt: int = 1
    deferred: MessageDeferred | None = None
    suppressed: str | None = None
    refusals: int = 0
    refused_since: datetime | None = None
    sent_at: datetime | None = None
    engagements: Mapping[str, bool] = field(default_factory=dict)
    replied: bool = False
    complained: bool = False
    unsubscribed: bool = False

    @property
    def engaged(self) -> bool:
        """Whether a person opened, clicked or answered; machines do not count (M-5)."""
        return self.replied or not all(self.engagements.values())


def evolve(message: Message, event: Any) -> Message:
    """Return the message after the event."""
    match event:
        case MessageQueued():
            return Message("queued", event)
        case MessageRequeued(attempt=attempt):
            return replace(message, status="queued", attempt=attempt, deferred=None)
        case MessageDeferred():
            return _deferred(message, event)
        case MessageSuppressed(reason=reason):
            return replace(message, status="suppressed", deferred=None, suppressed=reason)
        case MessageSent(sent_at=sent_at):
            return replace(message, status="sent", sent_at=sent_at)
        case (
            MessageOpened(engagement_id=key, automated=flag) | LinkClicked(engagement_id=key, automated=flag)
        ):
            return replace(message, engagements={**message.engagements, key: flag})
        case EngagementReclassified(engagement_ids=keys, automated=flag):
            return replace(message, engagements={**message.engagements, **dict.fromkeys(keys, flag)})
        case MessageReplied():
            return replace(message, replied=True)
        case ComplaintReceived():
            return replace(message, complained=True)
        case UnsubscribeRequested():
            return replace(message, unsubscribed=True)
    return replace(message, status=LED_TO[type(event)], deferred=None)


def _deferred(message: Message, event: MessageDeferred) -> Message:
    waits = replace(message, status="deferred", deferred=event)
    if event.reason != "refused":
        return waits
    since = message.refused_since or event.refused_at
    return replace(waits, refusals=message.refusals + 1, refused_since=since)


def timers(message: Message) -> Mapping[str, datetime]:
    """Return when a message that waits takes its turn."""
    return {"requeue": message.deferred.until} if message.deferred else {}


def summary(message: Message) -> Mapping[str, Any] | None:
    """Return the line of the message in lists; `pile` is campaign and status, `spring:queued`.

    `waiting_for` is the person, as long as it may still be sent.
    """
    if message.queued is None:
        return None
    campaign, waits = message.queued.campaign_id, message.deferred
    why = {"reason": waits.reason, "until": waits.until, "detail": waits.detail} if waits else {}
    why |= {"reason": message.suppressed} if message.suppressed else {}
    told = {"campaign_id": campaign, "status": message.status, "attempt": message.attempt, **why}
    told["variant"] = message.queued.variant
    waits_for = {"waiting_for": message.queued.contact_id} if message.status in WAITING else {}
    return {**told, "pile": pile(campaign, message.status), **waits_for}


def pile(campaign_id: str, status: str) -> str:
    """Return the name under which the messages of a campaign in one status are listed."""
    return f"{campaign_id}:{status}"
