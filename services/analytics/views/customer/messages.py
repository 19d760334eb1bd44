"""Messages of campaigns to the customer: the latest ones with what came back, and counts by campaign."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_change, with_new
from shared.events import Event

MESSAGES = 20
COUNTED = {
    "MessageSent": "sent", "MessageDelivered": "delivered", "MessageBounced": "bounced",
    "MessageSuppressed": "suppressed", "MessageReplied": "replied", "ComplaintReceived": "complaints",
    "UnsubscribeRequested": "unsubscribes",
}  # fmt: skip
ENGAGED = {"MessageOpened": "opens", "LinkClicked": "clicks"}
TYPES = frozenset({"MessageQueued", "EngagementReclassified", *COUNTED, *ENGAGED})


def project(messages: State, event: Event) -> dict[str, Any]:
    """Follow every message by its own stream; machines' opens and clicks are kept and marked (M-5)."""
    data, number = event.data, event.data["message_id"]
    if event.type == "MessageQueued":
        told = {name: data[name] for name in ("campaign_id", "step", "variant", "channel") if name in data}
        return with_new(
            messages, "items", number, {"status": "queued", "at": event.occurred_at, **told}, MESSAGES
        )
    if event.type in COUNTED:
        return _went(_counted(messages, data["campaign_id"], COUNTED[event.type]), event)
    known = messages.get("items", {}).get(number, {})
    if event.type in ENGAGED:
        where = ENGAGED[event.type]
        seen = {**known.get(where, {}), data["engagement_id"]: data["automated"]}
        return with_change(messages, "items", number, **{where: seen})
    return with_change(messages, "items", number, **_judged_anew(known, data))


def _counted(messages: State, campaign: str, name: str) -> dict[str, Any]:
    by_campaign = messages.get("by_campaign", {})
    return {
        **messages,
        "by_campaign": {**by_campaign, campaign: added(by_campaign.get(campaign), **{name: 1})},
    }


def _went(messages: State, event: Event) -> dict[str, Any]:
    said = {name: event.data[name] for name in ("reason", "consent_event_id") if name in event.data}
    return with_change(messages, "items", event.data["message_id"], status=COUNTED[event.type], **said)


def _judged_anew(known: State, data: State) -> dict[str, Any]:
    again = dict.fromkeys(data["engagement_ids"], data["automated"])
    return {
        where: {key: again.get(key, automated) for key, automated in known[where].items()}
        for where in ENGAGED.values()
        if where in known
    }


SECTION = Section("messages", TYPES, project)
