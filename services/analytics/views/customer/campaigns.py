"""Which campaigns touched the customer, how often, and what came back."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, latest
from shared.events import Event


def project(campaigns: State, event: Event) -> dict[str, Any]:
    """Count touches, attempts and responses, in all and by campaign."""
    known = dict(campaigns)
    if event.type == "ContactAttempted":
        steps = {"touches": 1, "attempts": int(event.data["attempts"])}
        known["last_touch_at"] = latest(known.get("last_touch_at"), event.occurred_at)
    else:
        steps = {"responses": 1}
    by_campaign = known.get("by_campaign", {})
    campaign = event.data["campaign_id"]
    known["by_campaign"] = {**by_campaign, campaign: added(by_campaign.get(campaign), **steps)}
    return {**known, **added({name: known.get(name, 0) for name in steps}, **steps)}


SECTION = Section("campaigns", frozenset({"ContactAttempted", "CampaignResponseRecorded"}), project)
