"""What happens to one message to one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from shared.values import Code, Id, Length, Positive, Text

Reason = Literal[
    "consent",
    "cap",
    "quiet_hours",
    "control",
    "bounced",
    "erased",
    "no_address",
    "closed",
    "template",
    "ticket",
]
Waiting = Literal["quiet_hours", "refused", "ticket"]
Hardness = Literal["hard", "soft"]
Scope = Literal["purpose", "all"]
Method = Literal["one_click", "form", "reply", "staff"]
Engagements = Annotated[tuple[Id, ...], Length(1, 500)]


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A message waits to be sent; `send_key` is campaign, step, contact and cycle, and unique (M-1)."""

    message_id: Id
    campaign_id: Id
    contact_id: Id
    step: Code
    cycle: Positive
    send_key: Id
    variant: Id
    purpose: Code
    channel: Code
    enrolment_id: Id | None = None


@dataclass(frozen=True, slots=True)
class MessageSuppressed:
    """The message is not sent, and why."""

    message_id: Id
    campaign_id: Id
    reason: Reason
    enrolment_id: Id | None = None


@dataclass(frozen=True, slots=True)
class MessageDeferred:
    """The message waits `until` a moment, and why; `attempt` is the one it will be sent by."""

    message_id: Id
    campaign_id: Id
    reason: Waiting
    until: datetime
    attempt: Positive
    detail: Text | None = None
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageOutcomeUnknown:
    """It may have been sent: somebody has to ask, nobody sends it again (M-1)."""

    message_id: Id
    campaign_id: Id
    note: Text


@dataclass(frozen=True, slots=True)
class MessageRequeued:
    """It certainly was not sent: it waits again."""

    message_id: Id
    campaign_id: Id
    attempt: Positive


@dataclass(frozen=True, slots=True)
class MessageSent:
    """The message was handed over; `consent_event_id` is the permission it relied on (M-2)."""

    message_id: Id
    campaign_id: Id
    provider_id: Id
    attempt: Positive
    sent_at: datetime
    consent_event_id: Id | None = None
    template_version: Positive | None = None


@dataclass(frozen=True, slots=True)
class MessageDelivered:
    """It reached the mailbox."""

    message_id: Id
    campaign_id: Id


@dataclass(frozen=True, slots=True)
class MessageBounced:
    """It came back; a hard bounce means that the address is no good."""

    message_id: Id
    campaign_id: Id
    contact_id: Id
    hardness: Hardness
    detail: Text | None = None


@dataclass(frozen=True, slots=True)
class MessageOpened:
    """It was opened, by a person or by a machine (M-5)."""

    message_id: Id
    campaign_id: Id
    engagement_id: Id
    automated: bool
    evidence: Text
    rule_version: Positive
    enrolment_id: Id | None = None


@dataclass(frozen=True, slots=True)
class LinkClicked:
    """A link in it was followed, by a person or by a machine (M-5)."""

    message_id: Id
    campaign_id: Id
    engagement_id: Id
    link_key: Text
    automated: bool
    evidence: Text
    rule_version: Positive
    enrolment_id: Id | None = None


@dataclass(frozen=True, slots=True)
class MessageReplied:
    """The person answered."""

    message_id: Id
    campaign_id: Id
    enrolment_id: Id | None = None


@dataclass(frozen=True, slots=True)
class ComplaintReceived:
    """The person reported the message as a nuisance."""

    message_id: Id
    campaign_id: Id
    contact_id: Id
    purpose: Code
    channel: Code


@dataclass(frozen=True, slots=True)
class UnsubscribeRequested:
    """The person wants no more of this; not an opt-out of this campaign if `already_suppressed` (M-6)."""

    message_id: Id
    campaign_id: Id
    contact_id: Id
    scope: Scope
    method: Method
    purpose: Code
    channel: Code
    already_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class EngagementReclassified:
    """Opens or clicks were judged anew, by a newer rule (M-5)."""

    message_id: Id
    campaign_id: Id
    engagement_ids: Engagements
    automated: bool
    rule_version: Positive


EVENTS: tuple[type, ...] = (
    MessageQueued,
    MessageSuppressed,
    MessageDeferred,
    MessageOutcomeUnknown,
    MessageRequeued,
    MessageSent,
    MessageDelivered,
    MessageBounced,
    MessageOpened,
    LinkClicked,
    MessageReplied,
    ComplaintReceived,
    UnsubscribeRequested,
    EngagementReclassified,
)
