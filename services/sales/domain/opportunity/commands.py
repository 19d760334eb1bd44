"""What may be asked of an opportunity."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.sales.domain.opportunity.events import ForecastCategory
from services.sales.domain.opportunity.stages import DEFAULT_PIPELINE, FIRST
from services.sales.domain.pipeline.state import Pipeline
from services.sales.domain.probability import Probability
from shared.values import FILLED, Code, Id, Money, Secret, Text


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
    expected_close_on: date | None = None
    lead_id: Id | None = None
    customer: Id | None = None
    at: datetime | None = None
    pipeline: Pipeline | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class MoveStage:
    """Move an open deal to another stage. Without a probability the stage's default holds."""

    opportunity_id: Id
    stage: Code
    probability: Probability | None = None
    at: datetime | None = None
    pipeline: Pipeline | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ChangeAmount:
    """Say what an open deal is worth, and why it is so by now."""

    opportunity_id: Id
    amount: Money
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class ChangeOwner:
    """Hand the deal to another person."""

    opportunity_id: Id
    owner: Id


@dataclass(frozen=True, slots=True)
class QuoteKnown:
    """What winning has to know of a quote."""

    status: str
    opportunity_id: str
    total: Money | None


@dataclass(frozen=True, slots=True)
class WinOpportunity:
    """Close the deal as won, by an accepted quote of it or for a recorded reason (S-6)."""

    opportunity_id: Id
    override_reason: Text | None = None
    amount: Money | None = None
    quote_id: Id | None = None
    at: datetime | None = None
    quote: QuoteKnown | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class LoseOpportunity:
    """Close the deal as lost, for a reason (S-6)."""

    opportunity_id: Id
    reason_code: Code
    competitor: Id | None = None
    note: Secret | None = None
    at: datetime | None = None
    codes: tuple[str, ...] | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class SetProbability:
    """Say how likely this very deal is won, and why the default of its stage does not hold."""

    opportunity_id: Id
    probability: Probability
    reason: Text


@dataclass(frozen=True, slots=True)
class SetForecastCategory:
    """Say what the forecast may count on."""

    opportunity_id: Id
    category: ForecastCategory


@dataclass(frozen=True, slots=True)
class ChangeExpectedClose:
    """Say on which day the deal is likely to close."""

    opportunity_id: Id
    expected_close_on: date


@dataclass(frozen=True, slots=True)
class NoteCompetitor:
    """Note who else is after the deal."""

    opportunity_id: Id
    competitor: Id


@dataclass(frozen=True, slots=True)
class PlanNextStep:
    """Plan what is done next, and until when; it takes the place of the step planned before."""

    opportunity_id: Id
    step: Secret
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NotifyOwner:
    """Tell whoever looks after the deal; `event_id` is what made it worth telling."""

    opportunity_id: Id
    about: Code
    text: Text
    event_id: Id


@dataclass(frozen=True, slots=True)
class ReopenOpportunity:
    """Open a closed deal again; from a stage that has retired it moves to where deals of that stage went."""

    opportunity_id: Id
    reason: Code
    at: datetime | None = None
    pipeline: Pipeline | None = field(default=None, metadata=FILLED)


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
    pipeline: Pipeline | None = field(default=None, metadata=FILLED)
