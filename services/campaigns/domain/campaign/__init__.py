"""Campaign: planned, scheduled, running, paused, completed; cancelled."""

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
from services.campaigns.domain.campaign.decide import STEPS, decide
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
    objective_in_words,
)
from services.campaigns.domain.campaign.plan import Objective, QuietHours, Window
from services.campaigns.domain.campaign.state import LED_TO, Campaign, evolve, summary, timers
from services.campaigns.domain.terms import COST_KINDS, MEDIA, STOP_REASONS, asking
from shared.decide.decider import Decider

CAMPAIGN = Decider(
    category="campaign",
    service="campaigns",
    initial=Campaign(),
    decide=decide,
    evolve=evolve,
    events=(CampaignPlanned, AudienceFrozen, *LED_TO, CampaignCostRecorded, CampaignCostReversed),
    commands={
        "plan": PlanCampaign,
        "schedule": ScheduleCampaign,
        "launch": LaunchCampaign,
        "pause": PauseCampaign,
        "resume": ResumeCampaign,
        "complete": CompleteCampaign,
        "cancel": CancelCampaign,
        "record-cost": RecordCost,
        "reverse-cost": ReverseCost,
    },
    opens=(PlanCampaign,),
    schemas={"CampaignPlanned": 2},
    upcasters={("CampaignPlanned", 1): objective_in_words},
    timers=timers,
    summary=summary,
    filters=("status",),
    facts={
        RecordCost: asking(COST_KINDS, MEDIA),
        PauseCampaign: asking(STOP_REASONS),
        CancelCampaign: asking(STOP_REASONS),
    },
)

__all__ = [
    "CAMPAIGN",
    "STEPS",
    "AudienceFrozen",
    "Campaign",
    "CampaignCancelled",
    "CampaignCompleted",
    "CampaignCostRecorded",
    "CampaignCostReversed",
    "CampaignLaunched",
    "CampaignPaused",
    "CampaignPlanned",
    "CampaignResumed",
    "CampaignScheduled",
    "CancelCampaign",
    "CompleteCampaign",
    "FreezeAudience",
    "LaunchCampaign",
    "Objective",
    "PauseCampaign",
    "PlanCampaign",
    "QuietHours",
    "RecordCost",
    "ResumeCampaign",
    "ReverseCost",
    "ScheduleCampaign",
    "Window",
]
