"""What metrics keep of campaigns: messages, touches, responses, plans and costs, redemptions of offers."""

from collections.abc import Iterator

from services.analytics.views.facts import Fact, Kind, only
from shared.events import Event

ENGAGED = only("campaign_id", "engagement_id", "automated", "link_key")

MESSAGE = Kind(
    "message",
    1,
    {
        "MessageQueued": only("campaign_id", "step", "variant", "channel", "purpose", "cycle"),
        "MessageSuppressed": only("campaign_id", "reason"),
        "MessageSent": only("campaign_id", "attempt", "consent_event_id"),
        "MessageDelivered": only("campaign_id"),
        "MessageBounced": only("campaign_id", "hardness"),
        "MessageOpened": ENGAGED,
        "LinkClicked": ENGAGED,
        "EngagementReclassified": only("campaign_id", "engagement_ids", "automated", "rule_version"),
        "MessageReplied": only("campaign_id"),
        "ComplaintReceived": only("campaign_id"),
        "UnsubscribeRequested": only("campaign_id", "scope", "method", "already_suppressed"),
    },
)

TOUCH = Kind(
    "touch",
    1,
    {"ContactAttempted": only("campaign_id", "medium", "attempts", "duration_s", "outcome")},
)

RESPONSE = Kind(
    "response",
    1,
    {"CampaignResponseRecorded": only("campaign_id", "kind", "medium", "touch_id")},
)


def incurred(fact: Fact) -> Iterator[str]:
    """Yield the day and the month in which a cost was incurred."""
    if day := fact.data.get("incurred_on"):
        yield from (f"incurred:{day}", f"incurred:{str(day)[:7]}")


CAMPAIGN = Kind(
    "campaign",
    1,
    {
        "CampaignPlanned": only("campaign_id", "name", "objective", "budget", "channels", "window"),
        "AudienceFrozen": only("campaign_id", "segment_id", "segment_version", "size", "control_share"),
        "CampaignLaunched": only("campaign_id"),
        "CampaignCompleted": only("campaign_id"),
        "CampaignCancelled": only("campaign_id", "reason"),
        "CampaignCostRecorded": only("campaign_id", "cost_id", "kind", "amount", "incurred_on", "channel"),
        "CampaignCostReversed": only("campaign_id", "cost_id", "amount"),
    },
    incurred,
)


def redemption(event: Event) -> str:
    """Return the document of one order's use of an offer: the offer's stream holds those of everybody."""
    return f"{event.stream}|{event.data['order_id']}"


REDEMPTION = Kind(
    "redemption",
    1,
    {
        "OfferRedeemed": only("offer_id", "code", "order_id", "contact_id", "value"),
        "RedemptionRefused": only("offer_id", "code", "order_id", "reason"),
        "OfferRedemptionReversed": only("offer_id", "order_id"),
    },
    key=redemption,
)

CAMPAIGN_KINDS = (MESSAGE, TOUCH, RESPONSE, CAMPAIGN, REDEMPTION)
