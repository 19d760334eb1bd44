"""What may be asked of a campaign."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.campaigns.domain.campaign.plan import (
    Channels,
    Hold,
    Members,
    Name,
    Objective,
    QuietHours,
    Share,
    Templates,
    Window,
)
from services.campaigns.domain.terms import Terms
from shared.values import FILLED, Code, Id, Money, Positive, Text


@dataclass(frozen=True, slots=True)
class PlanCampaign:
    """Plan a campaign, or plan it anew as long as it has not started.

    `templates` are the variants of its message: each recipient gets one of them, always the same.
    `hold_for_tickets`: it waits while a ticket of the person is open: any, only an escalated one, or none.
    """

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


@dataclass(frozen=True, slots=True)
class FreezeAudience:
    """Settle who belongs to the campaign, as the segment had it `as_of` a moment and log position (M-4).

    `control_share` of the people are never written to; `seed` decides who (M-3).
    """

    campaign_id: Id
    segment_id: Id
    segment_version: Positive
    as_of: datetime
    watermark: Text
    members: Members
    seed: Code
    control_share: Share = 0.0


@dataclass(frozen=True, slots=True)
class ScheduleCampaign:
    """Launch the campaign by itself at a moment."""

    campaign_id: Id
    launch_at: datetime


@dataclass(frozen=True, slots=True)
class LaunchCampaign:
    """Start the campaign; it needs objective, budget and a frozen audience or a journey (M-8)."""

    campaign_id: Id


@dataclass(frozen=True, slots=True)
class PauseCampaign:
    """Halt a running campaign for a while."""

    campaign_id: Id
    reason: Code | None = None
    terms: Terms = field(default=(), metadata=FILLED)


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
    terms: Terms = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class RecordCost:
    """Record money spent; `cost_id` makes it recognisable."""

    campaign_id: Id
    cost_id: Id
    kind: Code
    amount: Money
    incurred_on: date
    channel: Code | None = None
    ref: Text | None = None
    terms: Terms = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ReverseCost:
    """Take a cost back that was recorded in error."""

    campaign_id: Id
    cost_id: Id
    reason: Text
