"""What can be said of a lead."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from shared.values import Between, Code, Id, Length, Secret, Text

Score = Annotated[int, Between(0, 100)]
Reasons = Annotated[tuple[Text, ...], Length(1, 50)]
Criteria = Annotated[tuple[Code, ...], Length(1, 50)]


@dataclass(frozen=True, slots=True)
class LeadCaptured:
    """Somebody may want to buy; `contact_id` is who it was, if that is known."""

    lead_id: Id
    source: Code
    channel: Code
    interest: Secret | None = None
    contact_id: Id | None = None
    campaign_id: Id | None = None


@dataclass(frozen=True, slots=True)
class LeadAssigned:
    """Somebody looks after the lead; the response time counts from the hand-over."""

    lead_id: Id
    owner: Id
    handed_over_at: datetime


@dataclass(frozen=True, slots=True)
class LeadContactAttempted:
    """Somebody tried to reach the person."""

    lead_id: Id
    outcome: Code


@dataclass(frozen=True, slots=True)
class LeadScored:
    """A model says how promising the lead is, and why."""

    lead_id: Id
    score: Score
    model_version: Code
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class LeadQualified:
    """The lead is worth a salesperson's time, by these criteria."""

    lead_id: Id
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class LeadDisqualified:
    """Nothing will come of the lead."""

    lead_id: Id
    reason_code: Code


@dataclass(frozen=True, slots=True)
class LeadRecycled:
    """Not now: the lead is nurtured until that day."""

    lead_id: Id
    until: date


@dataclass(frozen=True, slots=True)
class LeadConverted:
    """The lead became an opportunity (S-1)."""

    lead_id: Id
    opportunity_id: Id
    contact_id: Id | None = None
    organization_id: Id | None = None


@dataclass(frozen=True, slots=True)
class LeadMarkedDuplicate:
    """The same interest was captured before, as another lead."""

    lead_id: Id
    duplicate_of: Id


EVENTS: tuple[type, ...] = (
    LeadCaptured,
    LeadAssigned,
    LeadContactAttempted,
    LeadScored,
    LeadQualified,
    LeadDisqualified,
    LeadRecycled,
    LeadConverted,
    LeadMarkedDuplicate,
)
