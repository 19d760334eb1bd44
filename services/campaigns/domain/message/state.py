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

Status = Literal["none", "queued", "suppressed", "unknown", "sent", "delivered", "bounced"]
LED_TO: dict[type, Status] = {
    MessageQueued: "queued",
    MessageSuppressed: "suppressed",
    MessageOutcomeUnknown: "unknown",
    MessageRequeued: "queued",
    MessageDelivered: "delivered",
    MessageBounced: "bounced",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `engagements` maps the ids of opens and clicks to whether a machine did them."""

    status: Status = "none"
    queued: MessageQueued | None = None
    attempt: int = 1
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
            return replace(message, status="queued", attempt=attempt)
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
    return replace(message, status=LED_TO[type(event)])


def summary(message: Message) -> Mapping[str, Any] | None:
    """Return the line of the message in lists; `pile` is campaign and status, `spring:queued`."""
    if message.queued is None:
        return None
    campaign = message.queued.campaign_id
    return {"campaign_id": campaign, "status": message.status, "pile": pile(campaign, message.status)}


def pile(campaign_id: str, status: str) -> str:
    """Return the name under which the messages of a campaign in one status are listed."""
    return f"{campaign_id}:{status}"
