"""What may be asked of a message."""

from dataclasses import dataclass
from datetime import datetime

from services.campaigns.domain.message.events import Engagements, Hardness, Method, Reason, Scope, Waiting
from shared.values import Code, Id, Positive, Text


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """Let a message wait for its turn; one to a member of the control group is suppressed at once (M-3)."""

    message_id: Id
    campaign_id: Id
    customer: Id
    step: Code
    cycle: Positive
    variant: Id
    purpose: Code = "marketing"
    channel: Code = "email"
    enrolment_id: Id | None = None
    control: bool = False


@dataclass(frozen=True, slots=True)
class SuppressMessage:
    """Do not send it."""

    message_id: Id
    reason: Reason


@dataclass(frozen=True, slots=True)
class DeferMessage:
    """Let it wait until a moment; then it is judged again."""

    message_id: Id
    reason: Waiting
    until: datetime


@dataclass(frozen=True, slots=True)
class MarkRefused:
    """The server refused this attempt for now: it certainly did not leave."""

    message_id: Id
    attempt: Positive
    at: datetime
    detail: Text


@dataclass(frozen=True, slots=True)
class RetryMessage:
    """Let a message that waits take its turn now."""

    message_id: Id


@dataclass(frozen=True, slots=True)
class MarkUnknown:
    """Park it: nobody knows whether it was sent."""

    message_id: Id
    attempt: Positive
    note: Text


@dataclass(frozen=True, slots=True)
class SettleMessage:
    """Say what became of a parked message, after asking the provider: it `arrived`, or it is sent again."""

    message_id: Id
    arrived: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkSent:
    """The message was handed over."""

    message_id: Id
    attempt: Positive
    provider_id: Id
    at: datetime
    consent_event_id: Id | None = None
    template_version: Positive | None = None


@dataclass(frozen=True, slots=True)
class MarkDelivered:
    """The message reached the mailbox."""

    message_id: Id


@dataclass(frozen=True, slots=True)
class MarkBounced:
    """The message came back."""

    message_id: Id
    hardness: Hardness
    detail: Text | None = None


@dataclass(frozen=True, slots=True)
class RecordOpen:
    """The message was opened; `agent` is the program that did."""

    message_id: Id
    at: datetime
    agent: Text = ""


@dataclass(frozen=True, slots=True)
class RecordClick:
    """A link was followed; `agent` is the program that did."""

    message_id: Id
    at: datetime
    link_key: Text
    agent: Text = ""


@dataclass(frozen=True, slots=True)
class RecordReply:
    """The person answered."""

    message_id: Id


@dataclass(frozen=True, slots=True)
class RecordComplaint:
    """The person complained."""

    message_id: Id


@dataclass(frozen=True, slots=True)
class RequestUnsubscribe:
    """The person wants no more of it."""

    message_id: Id
    scope: Scope = "purpose"
    method: Method = "staff"
    already_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class ReclassifyEngagement:
    """Judge opens or clicks anew by a rule of a newer version."""

    message_id: Id
    engagement_ids: Engagements
    automated: bool
    rule_version: Positive
