"""What a campaign does when asked."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any
from zoneinfo import available_timezones

from services.campaigns.domain.campaign.audience import list_hash
from services.campaigns.domain.campaign.commands import (
    CancelCampaign,
    CompleteCampaign,
    FreezeAudience,
    LaunchCampaign,
    PauseCampaign,
    PlanCampaign,
    RecordCost,
    ResumeCampaign,
    ReverseCost,
    ScheduleCampaign,
)
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
from services.campaigns.domain.campaign.state import Campaign, Status
from services.campaigns.domain.terms import fit
from shared.decide.decider import Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound

OPEN: tuple[Status, ...] = ("planned", "scheduled", "running", "paused")
# Command -> the states it may start from, the state it leads to, and the event that says so.
STEPS: dict[type, tuple[tuple[Status, ...], Status, Callable[[Any], Any]]] = {
    LaunchCampaign: (("planned", "scheduled"), "running", lambda c: CampaignLaunched(c.campaign_id)),
    PauseCampaign: (("running",), "paused", lambda c: CampaignPaused(c.campaign_id, c.reason)),
    ResumeCampaign: (("paused",), "running", lambda c: CampaignResumed(c.campaign_id)),
    CompleteCampaign: (("running", "paused"), "completed", lambda c: CampaignCompleted(c.campaign_id)),
    CancelCampaign: (OPEN, "cancelled", lambda c: CampaignCancelled(c.campaign_id, c.reason)),
}


def decide(campaign: Campaign, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, PlanCampaign):
        return _plan(campaign, command)
    if campaign.plan is None:
        raise NotFound(f"campaign {command.campaign_id} is not known")
    match command:
        case FreezeAudience():
            return _freeze(campaign, command)
        case ScheduleCampaign():
            return _schedule(campaign, campaign.plan, command)
        case RecordCost():
            return _cost(campaign, command)
        case ReverseCost():
            return _reverse(campaign, command)
        case Elapsed():
            return _step(campaign, campaign.plan, LaunchCampaign(campaign.plan.campaign_id))
    return _step(campaign, campaign.plan, command)


def _plan(campaign: Campaign, command: PlanCampaign) -> list[Any]:
    plan = CampaignPlanned(*(getattr(command, f.name) for f in fields(command)))
    if plan == campaign.plan:
        return []
    if campaign.status not in ("unknown", "planned"):
        raise Conflict(f"campaign {command.campaign_id} is {campaign.status}: its plan stands")
    if plan.budget and plan.budget.amount < 0:
        raise Invalid(FieldError("/budget/amount", "can not be negative"))
    if plan.window and plan.window.closes <= plan.window.opens:
        raise Invalid(FieldError("/window", "closes before it opens"))
    if plan.quiet_hours and plan.quiet_hours.zone not in available_timezones():
        raise Invalid(FieldError("/quiet_hours/zone", "is not the name of a time zone"))
    return [plan]


def _freeze(campaign: Campaign, command: FreezeAudience) -> list[Any]:
    """The audience may be frozen anew until the start; afterwards it stands."""
    frozen = AudienceFrozen(
        command.campaign_id,
        command.segment_id,
        command.segment_version,
        command.as_of,
        command.watermark,
        len(set(command.members)),
        command.control_share,
        command.seed,
        list_hash(command.members),
    )
    if frozen == campaign.audience:
        return []
    if campaign.status not in ("planned", "scheduled"):
        raise Conflict(f"campaign {command.campaign_id} is {campaign.status}: its audience stands")
    return [frozen]


def _schedule(campaign: Campaign, plan: CampaignPlanned, command: ScheduleCampaign) -> list[Any]:
    if campaign.status == "scheduled" and campaign.launch_at == command.launch_at:
        return []
    if campaign.status not in ("planned", "scheduled"):
        raise Conflict(f"campaign {command.campaign_id} is {campaign.status}, not planned or scheduled")
    _ready(campaign, plan)
    return [CampaignScheduled(command.campaign_id, command.launch_at)]


def _step(campaign: Campaign, plan: CampaignPlanned, command: Any) -> list[Any]:
    before, after, event = STEPS[type(command)]
    if campaign.status == after:
        return []
    if campaign.status not in before:
        raise Conflict(f"campaign {plan.campaign_id} is {campaign.status}, not {' or '.join(before)}")
    if isinstance(command, LaunchCampaign):
        _ready(campaign, plan)
    if isinstance(command, PauseCampaign | CancelCampaign):
        fit(command.terms, ("/reason", command.reason))
    return [event(command)]


def _ready(campaign: Campaign, plan: CampaignPlanned) -> None:
    """Launch requires objective, budget, and a frozen audience or a journey (M-8)."""
    missing = [] if plan.objective else ["objective"]
    missing += [] if plan.budget and plan.budget.amount > 0 else ["budget"]
    missing += [] if campaign.audience or plan.journey_id else ["audience"]
    if missing:
        raise Invalid(*(FieldError(f"/{name}", "is needed before the launch") for name in missing))


def _cost(campaign: Campaign, command: RecordCost) -> list[Any]:
    """Costs are only ever added (M-8), also after the end: bills come late."""
    cost = CampaignCostRecorded(*(getattr(command, f.name) for f in fields(CampaignCostRecorded)))
    known = campaign.costs.get(command.cost_id)
    if known not in (None, cost):
        raise Conflict(f"cost {command.cost_id} was recorded before with other content")
    if cost.amount.amount <= 0:
        raise Invalid(FieldError("/amount/amount", "is no cost: record what was spent, reverse what was not"))
    if known:
        return []
    fit(command.terms, ("/kind", cost.kind), ("/channel", cost.channel))
    return [cost]


def _reverse(campaign: Campaign, command: ReverseCost) -> list[Any]:
    cost = campaign.costs.get(command.cost_id)
    if cost is None:
        raise NotFound(f"cost {command.cost_id} is not known")
    if command.cost_id in campaign.reversed:
        return []
    return [CampaignCostReversed(command.campaign_id, command.cost_id, cost.amount, command.reason)]
