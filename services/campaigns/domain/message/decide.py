"""What a message does when asked."""

from typing import Any

from services.campaigns.domain.message.commands import (
    DeferMessage,
    MarkBounced,
    MarkDelivered,
    MarkRefused,
    MarkSent,
    MarkUnknown,
    QueueMessage,
    RetryMessage,
    SettleMessage,
    SuppressMessage,
)
from services.campaigns.domain.message.deferring import defer, refused, requeue
from services.campaigns.domain.message.engaging import engage
from services.campaigns.domain.message.events import (
    MessageBounced,
    MessageDelivered,
    MessageOutcomeUnknown,
    MessageQueued,
    MessageRequeued,
    MessageSent,
    MessageSuppressed,
)
from services.campaigns.domain.message.state import Message
from shared.decide.decider import Elapsed
from shared.errors import Conflict, NotFound
from shared.events.ids import derived


def send_key(campaign_id: str, step: str, contact_id: str, cycle: int) -> str:
    """Return what makes a message one of its kind (M-1)."""
    return "/".join((campaign_id, step, contact_id, str(cycle)))


def message_id(campaign_id: str, step: str, contact_id: str, cycle: int) -> str:
    """Return the id of the message with a send key: queueing twice names the same message."""
    return derived("message", send_key(campaign_id, step, contact_id, cycle))


def provider_id(key: str, attempt: int) -> str:
    """Return the name a message carries to the provider, by which the provider can be asked."""
    return f"{key}.{attempt}"


def decide(message: Message, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, QueueMessage):
        return [] if message.queued else _queue(command)
    if message.queued is None:
        raise NotFound(f"message {command.message_id} is not known")
    match command:
        case SuppressMessage(_, reason):
            return _suppress(message, message.queued, reason)
        case DeferMessage():
            return defer(message, message.queued, command)
        case MarkRefused():
            return refused(message, message.queued, command)
        case Elapsed() | RetryMessage():
            return requeue(message, message.queued)
        case MarkUnknown(key, attempt, note):
            doubt = message.status == "queued" and message.attempt == attempt
            return [MessageOutcomeUnknown(key, message.queued.campaign_id, note)] if doubt else []
        case SettleMessage():
            return _settle(message, message.queued, command)
        case MarkSent():
            return _sent(message, message.queued, command)
        case MarkDelivered(key):
            _require(message, "sent", "delivered", "unknown")
            same = message.status == "delivered"
            return [] if same else [MessageDelivered(key, message.queued.campaign_id)]
        case MarkBounced():
            return _bounced(message, message.queued, command)
    return engage(message, message.queued, command)


def _queue(command: QueueMessage) -> list[Any]:
    key = send_key(command.campaign_id, command.step, command.customer, command.cycle)
    queued = MessageQueued(
        command.message_id,
        command.campaign_id,
        command.customer,
        command.step,
        command.cycle,
        key,
        command.variant,
        command.purpose,
        command.channel,
        command.enrolment_id,
    )
    held = MessageSuppressed(command.message_id, command.campaign_id, "control", command.enrolment_id)
    return [queued, held] if command.control else [queued]


def _suppress(message: Message, queued: MessageQueued, reason: Any) -> list[Any]:
    if message.status == "suppressed":
        return []
    _require(message, "queued", "deferred")
    return [MessageSuppressed(queued.message_id, queued.campaign_id, reason, queued.enrolment_id)]


def _sent(message: Message, queued: MessageQueued, command: MarkSent) -> list[Any]:
    """One message is sent once (M-1); a parked one turns out to have been sent by the worker in doubt."""
    if message.status in ("sent", "delivered", "bounced"):
        return []
    _require(message, "queued", "unknown")
    if command.attempt != message.attempt:
        raise Conflict(f"attempt {command.attempt} of message {command.message_id} is over")
    return [
        MessageSent(
            command.message_id,
            queued.campaign_id,
            command.provider_id,
            command.attempt,
            command.at,
            command.consent_event_id,
            command.template_version,
        )
    ]


def _settle(message: Message, queued: MessageQueued, command: SettleMessage) -> list[Any]:
    _require(message, "unknown")
    key, attempt = command.message_id, message.attempt
    if command.arrived:
        return [MessageSent(key, queued.campaign_id, provider_id(key, attempt), attempt, command.at)]
    return [MessageRequeued(key, queued.campaign_id, attempt + 1)]


def _bounced(message: Message, queued: MessageQueued, command: MarkBounced) -> list[Any]:
    if message.status == "bounced":
        return []
    _require(message, "queued", "deferred", "unknown", "sent", "delivered")
    said = (command.message_id, queued.campaign_id, queued.contact_id, command.hardness, command.detail)
    return [MessageBounced(*said)]


def _require(message: Message, *statuses: str) -> None:
    if message.status not in statuses:
        raise Conflict(f"the message is {message.status}, not {' or '.join(statuses)}")
