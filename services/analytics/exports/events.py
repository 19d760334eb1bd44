"""Tables of facts: one row per event, of all services, and of the kinds analysts ask for."""

import json
from typing import Any

from services.analytics.exports.table import Facts, Row, Table, columns
from shared.events import Event
from shared.privacy.sealing import is_sealed

STEP = {
    "MessageQueued": "queued", "MessageSuppressed": "suppressed", "MessageSent": "sent",
    "MessageDelivered": "delivered", "MessageBounced": "bounced", "MessageOpened": "opened",
    "LinkClicked": "clicked", "MessageReplied": "replied", "ComplaintReceived": "complained",
    "UnsubscribeRequested": "unsubscribed",
}  # fmt: skip
EVENT = {
    "event_id": "text: the event",
    "occurred_at": "moment: when it happened",
    "recorded_at": "moment: when it was recorded",
    "customer": "text: the customer, as the identities stood at the export",
    "channel": "text: where it came in",
}


def base(event: Event) -> Row:
    """Return what every event has."""
    return {
        "event_id": event.id, "occurred_at": event.occurred_at, "recorded_at": event.recorded_at,
        "customer": event.meta.customer, "channel": event.meta.channel,
    }  # fmt: skip


def unsealed(value: Any) -> Any:
    """Return a payload without what is sealed: null in its place."""
    if isinstance(value, dict):
        return {name: unsealed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [unsealed(each) for each in value]
    return None if is_sealed(value) else value


def event(known: Event) -> Row:
    """Return any event; what is personal in its data is null."""
    return {
        **base(known), "type": known.full_type, "service": known.service, "stream": known.stream,
        "version": known.version, "position": known.position, "actor": known.meta.actor,
        "correlation_id": known.meta.correlation_id, "causation_id": known.meta.causation_id,
        "data": json.dumps(unsealed(known.data), separators=(",", ":"), default=str),
    }  # fmt: skip


def message(known: Event) -> Row:
    """Return a step of a message's way."""
    data = known.data
    return {
        **base(known), "message_id": known.stream.partition("-")[2], "step": STEP[known.type],
        "campaign_id": data.get("campaign_id"), "reason": data.get("reason") or data.get("kind"),
        "automated": data.get("automated"),
    }  # fmt: skip


def consent(known: Event) -> Row:
    """Return a consent given or taken back."""
    data = known.data
    return {
        **base(known), "purpose": data.get("purpose"), "consent_channel": data.get("channel"),
        "granted": known.type == "ConsentGranted", "legal_basis": data.get("legal_basis"),
        "text_version": data.get("text_version"),
    }  # fmt: skip


def membership(known: Event) -> Row:
    """Return a customer's way into a segment or out of it."""
    data = known.data
    return {
        **base(known), "segment_id": data["segment_id"], "segment_version": data["segment_version"],
        "entered": known.type == "SegmentEntered",
    }  # fmt: skip


FACT_TABLES: tuple[Table, ...] = (
    Table("events", 1, "One row per event of all services.", ("event_id",), "occurred_at", columns(
        **EVENT, type="text: full type, with its version", service="text: who recorded it",
        stream="text: what it happened to", version="integer: its place in the stream",
        position="integer: its place in the service's log", actor="text: who did it",
        correlation_id="text: the business chain", causation_id="text: the direct cause",
        data="text: the payload as JSON, null where it is personal",
    ), Facts(frozenset(), event)),
    Table("messages", 1, "One row per step of a campaign's message.", ("event_id",), "occurred_at", columns(
        **EVENT, message_id="text: the message", step=f"text: {', '.join(STEP.values())}",
        campaign_id="text: the campaign, when the step names it", reason="text: why suppressed or bounced",
        automated="flag: whether a machine opened or clicked",
    ), Facts(frozenset(STEP), message)),
    Table("consents", 1, "One row per consent given or withdrawn.", ("event_id",), "occurred_at", columns(
        **EVENT, purpose="text: what for", consent_channel="text: by which channel",
        granted="flag: given or withdrawn",
        legal_basis="text: as recorded", text_version="text: which text was agreed to",
    ), Facts(frozenset({"ConsentGranted", "ConsentWithdrawn"}), consent)),
    Table("segment_changes", 1, "One row per entry or exit.", ("event_id",), "occurred_at", columns(
        **EVENT, segment_id="text: the segment", segment_version="integer: the version of its rule",
        entered="flag: in or out",
    ), Facts(frozenset({"SegmentEntered", "SegmentExited"}), membership)),
)  # fmt: skip
