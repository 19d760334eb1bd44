"""Campaign: planned, running, paused, completed; cancelled."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Code, Id, Length, Money, Text

Name = Annotated[str, Length(1, 200)]
Channels = Annotated[tuple[Code, ...], Length(0, 20)]
Status = Literal["unknown", "planned", "running", "paused", "completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class PlanCampaign:
    """Plan a campaign, or plan it anew as long as it has not started."""

    campaign_id: Id
    name: Name
    objective: Text | None = None
    budget: Money | None = None
    channels: Channels = ()


@dataclass(frozen=True, slots=True)
class LaunchCampaign:
    """Start the campaign; it needs an objective and a budget (M-8)."""

    campaign_id: Id


@dataclass(frozen=True, slots=True)
class PauseCampaign:
    """Halt a running campaign for a while."""

    campaign_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class ResumeCampaign:
    """Go on with a paused campaign."""

    campaign_id: Id


@dataclass(frozen=True, slots=True)
class CompleteCampaign:
    """End a campaign that has run."""

    campaign_id: Id


@dataclass(frozen=True, slots=True)
class CancelCampaign:
    """Call a campaign off."""

    campaign_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class CampaignPlanned:
    """The plan as it stands now; it replaces an earlier one."""

    campaign_id: Id
    name: Name
    objective: Text | None = None
    budget: Money | None = None
    channels: Channels = ()


@dataclass(frozen=True, slots=True)
class CampaignLaunched:
    """The campaign started."""

    campaign_id: Id


@dataclass(frozen=True, slots=True)
class CampaignPaused:
    """The campaign halts."""

    campaign_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class CampaignResumed:
    """The campaign goes on."""

    campaign_id: Id


@dataclass(frozen=True, slots=True)
class CampaignCompleted:
    """The campaign ended."""

    campaign_id: Id


@dataclass(frozen=True, slots=True)
class CampaignCancelled:
    """The campaign is off."""

    campaign_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign and its plan."""

    status: Status = "unknown"
    plan: CampaignPlanned | None = None


# Command -> the states it may start from, the state it leads to, and the event that says so.
STEPS: dict[type, tuple[tuple[Status, ...], Status, Callable[[Any], Any]]] = {
    LaunchCampaign: (("planned",), "running", lambda c: CampaignLaunched(c.campaign_id)),
    PauseCampaign: (("running",), "paused", lambda c: CampaignPaused(c.campaign_id, c.reason)),
    ResumeCampaign: (("paused",), "running", lambda c: CampaignResumed(c.campaign_id)),
    CompleteCampaign: (("running", "paused"), "completed", lambda c: CampaignCompleted(c.campaign_id)),
    CancelCampaign: (
        ("planned", "running", "paused"),
        "cancelled",
        lambda c: CampaignCancelled(c.campaign_id, c.reason),
    ),
}
LED_TO: dict[type, Status] = {
    CampaignLaunched: "running",
    CampaignPaused: "paused",
    CampaignResumed: "running",
    CampaignCompleted: "completed",
    CampaignCancelled: "cancelled",
}


def decide(campaign: Campaign, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, PlanCampaign):
        return _plan(campaign, command)
    if campaign.plan is None:
        raise NotFound(f"campaign {command.campaign_id} is not known")
    before, after, event = STEPS[type(command)]
    if campaign.status == after:
        return []
    if campaign.status not in before:
        raise Conflict(f"campaign {command.campaign_id} is {campaign.status}, not {' or '.join(before)}")
    if isinstance(command, LaunchCampaign):
        _ready(campaign.plan)
    return [event(command)]


def _plan(campaign: Campaign, command: PlanCampaign) -> list[Any]:
    plan = CampaignPlanned(
        command.campaign_id, command.name, command.objective, command.budget, command.channels
    )
    if plan == campaign.plan:
        return []
    if campaign.status not in ("unknown", "planned"):
        raise Conflict(f"campaign {command.campaign_id} is {campaign.status}: its plan stands")
    return [plan]


def _ready(plan: CampaignPlanned) -> None:
    """Launch requires an objective and a budget (M-8)."""
    missing = [] if (plan.objective or "").strip() else ["objective"]
    missing += [] if plan.budget and plan.budget.amount > 0 else ["budget"]
    if missing:
        raise Invalid(*(FieldError(f"/{name}", "is needed before the launch") for name in missing))


def evolve(campaign: Campaign, event: Any) -> Campaign:
    """Return the campaign after the event."""
    if isinstance(event, CampaignPlanned):
        return Campaign("planned", event)
    return replace(campaign, status=LED_TO[type(event)])


CAMPAIGN = Decider(
    category="campaign",
    service="campaigns",
    initial=Campaign(),
    decide=decide,
    evolve=evolve,
    events=(CampaignPlanned, *LED_TO),
    commands={
        "plan": PlanCampaign,
        "launch": LaunchCampaign,
        "pause": PauseCampaign,
        "resume": ResumeCampaign,
        "complete": CompleteCampaign,
        "cancel": CancelCampaign,
    },
    opens=(PlanCampaign,),
)
