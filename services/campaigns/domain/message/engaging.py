"""What people, and machines, do with a message that was sent."""

from typing import Any

from services.campaigns.domain.message.commands import (
    ReclassifyEngagement,
    RecordClick,
    RecordComplaint,
    RecordOpen,
    RecordReply,
    RequestUnsubscribe,
)
from services.campaigns.domain.message.events import (
    ComplaintReceived,
    EngagementReclassified,
    LinkClicked,
    MessageOpened,
    MessageQueued,
    MessageReplied,
    UnsubscribeRequested,
)
from services.campaigns.domain.message.robots import RULE_VERSION, automated
from services.campaigns.domain.message.state import Message
from shared.errors import Conflict, NotFound

MOST = 200  # opens and clicks kept of one message
# A queued one may be on its way: it is handed over before that is recorded.
OUT = ("queued", "sent", "delivered", "unknown", "bounced")


def engage(message: Message, queued: MessageQueued, command: Any) -> list[Any]:
    """Return what came of it. Raises Conflict for a message that never left."""
    if message.status not in OUT:
        raise Conflict(f"the message is {message.status}: nobody has it")
    key, campaign = command.message_id, queued.campaign_id
    match command:
        case RecordOpen() | RecordClick():
            return _engaged(message, queued, command)
        case RecordReply():
            return [] if message.replied else [MessageReplied(key, campaign, queued.enrolment_id)]
        case RecordComplaint():
            said = ComplaintReceived(key, campaign, queued.contact_id, queued.purpose, queued.channel)
            return [] if message.complained else [said]
        case RequestUnsubscribe():
            return [] if message.unsubscribed else [_unsubscribed(queued, command)]
        case ReclassifyEngagement():
            return _reclassified(message, campaign, command)
    raise TypeError(f"a message does not know {type(command).__name__}")


def _engaged(message: Message, queued: MessageQueued, command: RecordOpen | RecordClick) -> list[Any]:
    """Every one is kept, and flagged when a machine did it (M-5)."""
    if len(message.engagements) >= MOST:
        return []
    sent_at = command.at if message.status == "queued" else message.sent_at
    judged = (*automated(command.agent, sent_at, command.at), RULE_VERSION, queued.enrolment_id)
    key, campaign = command.message_id, queued.campaign_id
    number = len(message.engagements) + 1
    if isinstance(command, RecordOpen):
        return [MessageOpened(key, campaign, f"open-{number}", *judged)]
    return [LinkClicked(key, campaign, f"click-{number}", command.link_key, *judged)]


def _unsubscribed(queued: MessageQueued, command: RequestUnsubscribe) -> UnsubscribeRequested:
    return UnsubscribeRequested(
        command.message_id,
        queued.campaign_id,
        queued.contact_id,
        command.scope,
        command.method,
        queued.purpose,
        queued.channel,
        command.already_suppressed,
    )


def _reclassified(message: Message, campaign: str, command: ReclassifyEngagement) -> list[Any]:
    unknown = [key for key in command.engagement_ids if key not in message.engagements]
    if unknown:
        raise NotFound(f"the message has no {', '.join(unknown)}")
    changed = tuple(k for k in command.engagement_ids if message.engagements[k] != command.automated)
    if not changed:
        return []
    said = (command.message_id, campaign, changed, command.automated, command.rule_version)
    return [EngagementReclassified(*said)]
