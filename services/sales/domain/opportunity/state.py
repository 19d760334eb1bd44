"""What an opportunity remembers in order to decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from services.sales.domain.opportunity.events import (
    CompetitorNoted,
    ExpectedCloseChanged,
    ForecastCategory,
    ForecastCategoryChanged,
    NextStepPlanned,
    OpportunityAmountChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
    OwnerNotified,
    ProbabilityOverridden,
)
from services.sales.domain.opportunity.stages import FIRST
from shared.plan import NO_FIELDS, Custom, FieldChanged, FieldExpired
from shared.values import Money

NOTICES = 20  # the newest, which the state shows; all are in the log


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal; closed ones keep the stage they were in."""

    status: Literal["unknown", "open", "won", "lost"] = "unknown"
    opened: OpportunityOpened | None = None
    stage: str = FIRST.code
    probability: int = FIRST.probability
    owner: str = ""
    amount: Money | None = None
    reason_code: str | None = None
    expected_close_on: date | None = None
    category: ForecastCategory | None = None
    competitors: tuple[str, ...] = ()
    next_step: NextStepPlanned | None = None
    quote_id: str | None = None
    closed_at: datetime | None = None
    notices: tuple[OwnerNotified, ...] = ()
    custom: Custom = NO_FIELDS

    @property
    def opened_at(self) -> datetime | None:
        """When the deal began, if anybody knows."""
        return self.opened.opened_at if self.opened else None


def _opened(_: Opportunity, event: OpportunityOpened) -> Opportunity:
    due = event.expected_close_on
    deal = Opportunity("open", event, event.stage, event.probability, event.owner, event.amount)
    return replace(deal, expected_close_on=due)


def _won(deal: Opportunity, event: OpportunityWon) -> Opportunity:
    closed = replace(deal, status="won", amount=event.amount, closed_at=event.closed_at)
    return replace(closed, quote_id=event.quote_id)


def _lost(deal: Opportunity, event: OpportunityLost) -> Opportunity:
    return replace(deal, status="lost", reason_code=event.reason_code, closed_at=event.closed_at)


def _reopened(deal: Opportunity, _: OpportunityReopened) -> Opportunity:
    return replace(deal, status="open", reason_code=None, quote_id=None, closed_at=None)


EVOLVE: dict[type, Callable[[Opportunity, Any], Opportunity]] = {
    OpportunityOpened: _opened,
    OpportunityStageChanged: lambda deal, e: replace(deal, stage=e.to_stage, probability=e.probability_to),
    OpportunityAmountChanged: lambda deal, e: replace(deal, amount=e.to_amount),
    OpportunityOwnerChanged: lambda deal, e: replace(deal, owner=e.to_owner),
    OpportunityWon: _won,
    OpportunityLost: _lost,
    OpportunityReopened: _reopened,
    ProbabilityOverridden: lambda deal, e: replace(deal, probability=e.probability_to),
    ForecastCategoryChanged: lambda deal, e: replace(deal, category=e.category),
    ExpectedCloseChanged: lambda deal, e: replace(deal, expected_close_on=e.to_date),
    CompetitorNoted: lambda deal, e: replace(deal, competitors=(*deal.competitors, e.competitor)),
    NextStepPlanned: lambda deal, e: replace(deal, next_step=e),
    FieldChanged: lambda deal, e: replace(deal, custom=deal.custom.after(e)),
    FieldExpired: lambda deal, e: replace(deal, custom=deal.custom.after(e)),
    OwnerNotified: lambda deal, e: replace(deal, notices=(*deal.notices, e)[-NOTICES:]),
}


def evolve(deal: Opportunity, event: Any) -> Opportunity:
    """Return the deal after the event."""
    return EVOLVE[type(event)](deal, event)


def summary(deal: Opportunity) -> dict[str, Any]:
    """Return the line of the deal in lists."""
    return {
        "status": deal.status,
        "stage": deal.stage,
        "owner": deal.owner,
        "pipeline_id": deal.opened.pipeline_id if deal.opened else None,
        "probability": deal.probability,
        "amount": deal.amount,
        "expected_close_on": deal.expected_close_on,
    }
