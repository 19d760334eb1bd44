"""What may be asked of an opportunity."""

from dataclasses import dataclass
from datetime import date, datetime

from services.sales.domain.opportunity.stages import DEFAULT_PIPELINE, FIRST, Probability
from shared.values import Code, Id, Money, Text


@dataclass(frozen=True, slots=True)
class OpenOpportunity:
    """Open a deal. Without a probability the stage's default holds."""

    opportunity_id: Id
    owner: Id
    stage: Code = FIRST.code
    pipeline_id: Code = DEFAULT_PIPELINE
    amount: Money | None = None
    probability: Probability | None = None
    product: Text | None = None
    organization: Text | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MoveStage:
    """Move an open deal to another stage. Without a probability the stage's default holds."""

    opportunity_id: Id
    stage: Code
    probability: Probability | None = None


@dataclass(frozen=True, slots=True)
class ChangeAmount:
    """Say what an open deal is worth."""

    opportunity_id: Id
    amount: Money


@dataclass(frozen=True, slots=True)
class ChangeOwner:
    """Hand the deal to another person."""

    opportunity_id: Id
    owner: Id


@dataclass(frozen=True, slots=True)
class WinOpportunity:
    """Close the deal as won. As long as there is no accepted quote it needs a reason (S-6)."""

    opportunity_id: Id
    override_reason: Text | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class LoseOpportunity:
    """Close the deal as lost, for a reason (S-6)."""

    opportunity_id: Id
    reason_code: Code


@dataclass(frozen=True, slots=True)
class ReopenOpportunity:
    """Open a closed deal again."""

    opportunity_id: Id
    reason: Code


@dataclass(frozen=True, slots=True)
class ReportOpportunity:
    """Where the deal stands, as another system tells it: whatever is missing to get there happens."""

    opportunity_id: Id
    owner: Id
    stage: Code
    reported_at: datetime
    pipeline_id: Code = DEFAULT_PIPELINE
    product: Text | None = None
    organization: Text | None = None
    amount: Money | None = None
    engaged_on: date | None = None
    closed_on: date | None = None
    lost_reason: Code | None = None
