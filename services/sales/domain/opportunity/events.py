"""What can be said of an opportunity."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.sales.domain.probability import Probability
from shared.values import Code, Id, Money, Secret, Text

ForecastCategory = Literal["pipeline", "best_case", "commit", "omitted"]


@dataclass(frozen=True, slots=True)
class OpportunityOpened:
    """A deal is in sight; `opened_at` is told when it began, if anybody knows."""

    opportunity_id: Id
    pipeline_id: Code
    stage: Code
    probability: Probability
    owner: Id
    amount: Money | None = None
    product: Text | None = None
    organization: Text | None = None
    opened_at: datetime | None = None
    expected_close_on: date | None = None
    lead_id: Id | None = None
    probability_source: Literal["stage", "given"] = "stage"


@dataclass(frozen=True, slots=True)
class OpportunityStageChanged:
    """The deal moved on; the probabilities are those in force at that moment (S-7)."""

    opportunity_id: Id
    from_stage: Code
    to_stage: Code
    probability_from: Probability
    probability_to: Probability


@dataclass(frozen=True, slots=True)
class OpportunityAmountChanged:
    """The deal is worth more or less than thought."""

    opportunity_id: Id
    to_amount: Money
    from_amount: Money | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class OpportunityOwnerChanged:
    """Another person looks after the deal."""

    opportunity_id: Id
    from_owner: Id
    to_owner: Id


@dataclass(frozen=True, slots=True)
class OpportunityWon:
    """The deal is closed and won; it closed when this happened (S-6)."""

    opportunity_id: Id
    amount: Money
    owner: Id
    override_reason: Text | None = None
    opened_at: datetime | None = None
    quote_id: Id | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpportunityLost:
    """The deal is closed and lost; it closed when this happened (S-6)."""

    opportunity_id: Id
    reason_code: Code
    owner: Id
    opened_at: datetime | None = None
    competitor: Id | None = None
    note: Secret | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpportunityReopened:
    """The deal is open again, in the stage it had; whatever counted its close takes it back.

    `was` is how it was closed, `amount` what it was won for, `closed_at` when that happened.
    """

    opportunity_id: Id
    reason: Code
    was: Literal["won", "lost"] | None = None
    owner: Id | None = None
    amount: Money | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProbabilityOverridden:
    """Somebody knows better than the stage how likely this deal is won (S-7)."""

    opportunity_id: Id
    probability_from: Probability
    probability_to: Probability
    reason: Text


@dataclass(frozen=True, slots=True)
class ForecastCategoryChanged:
    """The forecast may count on the deal more, or less."""

    opportunity_id: Id
    category: ForecastCategory
    previous: ForecastCategory | None = None


@dataclass(frozen=True, slots=True)
class ExpectedCloseChanged:
    """The deal is likely to close on another day."""

    opportunity_id: Id
    to_date: date
    from_date: date | None = None


@dataclass(frozen=True, slots=True)
class CompetitorNoted:
    """Somebody else is after the deal."""

    opportunity_id: Id
    competitor: Id


@dataclass(frozen=True, slots=True)
class NextStepPlanned:
    """What is done next, and until when."""

    opportunity_id: Id
    step: Secret
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OwnerNotified:
    """Whoever looks after the deal was told something about it or its customer."""

    opportunity_id: Id
    owner: Id
    about: Code
    text: Text
    event_id: Id


EVENTS: tuple[type, ...] = (
    OpportunityOpened,
    OpportunityStageChanged,
    OpportunityAmountChanged,
    OpportunityOwnerChanged,
    OpportunityWon,
    OpportunityLost,
    OpportunityReopened,
    ProbabilityOverridden,
    ForecastCategoryChanged,
    ExpectedCloseChanged,
    CompetitorNoted,
    NextStepPlanned,
    OwnerNotified,
)
