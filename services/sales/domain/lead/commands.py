"""What may be asked of a lead."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.sales.domain.lead.events import Criteria, Reasons, Score
from shared.values import FILLED, Code, Id, Secret


@dataclass(frozen=True, slots=True)
class CaptureLead:
    """Capture an interest; `customer` is the contact it comes from, if that is known."""

    lead_id: Id
    source: Code
    channel: Code = "system"
    interest: Secret | None = None
    campaign_id: Id | None = None
    customer: Id | None = None


@dataclass(frozen=True, slots=True)
class AssignLead:
    """Give the lead to somebody; handed over now, unless told otherwise."""

    lead_id: Id
    owner: Id
    at: datetime
    handed_over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordAttempt:
    """Record that somebody tried to reach the person."""

    lead_id: Id
    outcome: Code


@dataclass(frozen=True, slots=True)
class ScoreLead:
    """Say how promising the lead is, from 0 to 100, by which version of which model and why."""

    lead_id: Id
    score: Score
    model_version: Code
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class QualifyLead:
    """Say that the lead is worth a salesperson's time, by which criteria."""

    lead_id: Id
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class DisqualifyLead:
    """Give the lead up, for a reason."""

    lead_id: Id
    reason_code: Code
    codes: tuple[str, ...] | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class RecycleLead:
    """Put the lead back to nurture until a day."""

    lead_id: Id
    until: date


@dataclass(frozen=True, slots=True)
class ConvertLead:
    """Let the lead become an opportunity, once (S-1)."""

    lead_id: Id
    opportunity_id: Id
    contact_id: Id | None = None
    organization_id: Id | None = None


@dataclass(frozen=True, slots=True)
class MarkDuplicate:
    """Say that the same interest was captured before as another lead."""

    lead_id: Id
    duplicate_of: Id
    other_status: str | None = field(default=None, metadata=FILLED)
