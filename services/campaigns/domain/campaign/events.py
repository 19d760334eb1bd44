"""What happens to a campaign."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from services.campaigns.domain.campaign.plan import (
    Channels,
    Hold,
    Name,
    Objective,
    QuietHours,
    Share,
    Templates,
    Window,
)
from shared.values import Code, Id, Length, Money, Positive, Text, Whole


@dataclass(frozen=True, slots=True)
class CampaignPlanned:
    """The plan as it stands now; it replaces an earlier one."""

    campaign_id: Id
    name: Name
    objective: Objective | None = None
    budget: Money | None = None
    channels: Channels = ()
    window: Window | None = None
    hypothesis: Text | None = None
    purpose: Code = "marketing"
    templates: Templates = ()
    quiet_hours: QuietHours | None = None
    cap_per_week: Positive | None = None
    journey_id: Id | None = None
    hold_for_tickets: Hold = "escalated"


def objective_in_words(data: dict[str, Any]) -> dict[str, Any]:
    """Lift a plan of schema 1: its objective was a sentence, which schema 2 calls the hypothesis."""
    words = data.pop("objective", None)
    return data | ({"hypothesis": words} if words else {})


@dataclass(frozen=True, slots=True)
class AudienceFrozen:
    """Who belongs to the campaign is settled: `list_hash` proves the list, `seed` the control group."""

    campaign_id: Id
    segment_id: Id
    segment_version: Positive
    as_of: datetime
    watermark: Text
    size: Whole
    control_share: Share
    seed: Code
    list_hash: Annotated[str, Length(64, 64)]


@dataclass(frozen=True, slots=True)
class CampaignScheduled:
    """The campaign starts by itself at this moment."""

    campaign_id: Id
    launch_at: datetime


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
class CampaignCostRecorded:
    """Money was spent for the campaign."""

    campaign_id: Id
    cost_id: Id
    kind: Code
    amount: Money
    incurred_on: date
    channel: Code | None = None
    ref: Text | None = None


@dataclass(frozen=True, slots=True)
class CampaignCostReversed:
    """A cost was recorded in error: both entries stay, together they are nothing."""

    campaign_id: Id
    cost_id: Id
    amount: Money
    reason: Text
