"""A campaign as decisions see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from services.campaigns.domain.campaign.events import (
    AudienceFrozen,
    CampaignCancelled,
    CampaignCompleted,
    CampaignCostRecorded,
    CampaignCostReversed,
    CampaignLaunched,
    CampaignPaused,
    CampaignPlanned,
    CampaignResumed,
    CampaignScheduled,
)
from shared.values import Money

Status = Literal["unknown", "planned", "scheduled", "running", "paused", "completed", "cancelled"]
LED_TO: dict[type, Status] = {
    CampaignScheduled: "scheduled",
    CampaignLaunched: "running",
    CampaignPaused: "paused",
    CampaignResumed: "running",
    CampaignCompleted: "completed",
    CampaignCancelled: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign, its plan, its audience and what it cost. `costs` and `reversed` go by cost id."""

    status: Status = "unknown"
    plan: CampaignPlanned | None = None
    audience: AudienceFrozen | None = None
    launch_at: datetime | None = None
    costs: Mapping[str, CampaignCostRecorded] = field(default_factory=dict)
    reversed: frozenset[str] = frozenset()

    @property
    def spent(self) -> dict[str, int]:
        """What stands after reversals, in minor units by currency."""
        spent: dict[str, int] = {}
        for cost in self.costs.values():
            if cost.cost_id not in self.reversed:
                spent[cost.amount.currency] = spent.get(cost.amount.currency, 0) + cost.amount.amount
        return spent


def evolve(campaign: Campaign, event: Any) -> Campaign:
    """Return the campaign after the event."""
    match event:
        case CampaignPlanned():
            return replace(campaign, status="planned", plan=event)
        case AudienceFrozen():
            return replace(campaign, audience=event)
        case CampaignCostRecorded(cost_id=cost_id):
            return replace(campaign, costs={**campaign.costs, cost_id: event})
        case CampaignCostReversed(cost_id=cost_id):
            return replace(campaign, reversed=campaign.reversed | {cost_id})
        case CampaignScheduled(launch_at=launch_at):
            return replace(campaign, status="scheduled", launch_at=launch_at)
    return replace(campaign, status=LED_TO[type(event)])


def timers(campaign: Campaign) -> Mapping[str, datetime]:
    """Return when a scheduled campaign starts."""
    due = campaign.launch_at
    return {"launch": due} if due and campaign.status == "scheduled" else {}


def summary(campaign: Campaign) -> Mapping[str, Any] | None:
    """Return the line of the campaign in lists."""
    plan, audience = campaign.plan, campaign.audience
    spent = [Money(amount, currency) for currency, amount in campaign.spent.items()]
    if plan is None:
        return None
    return {
        "name": plan.name,
        "status": campaign.status,
        "audience": audience.size if audience else 0,
        "spent": spent,
    }
