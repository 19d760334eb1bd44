"""What an opportunity remembers in order to decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.sales.domain.opportunity.events import (
    OpportunityAmountChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
)
from services.sales.domain.opportunity.stages import FIRST
from shared.values import Money


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

    @property
    def opened_at(self) -> datetime | None:
        """When the deal began, if anybody knows."""
        return self.opened.opened_at if self.opened else None


def _opened(_: Opportunity, event: OpportunityOpened) -> Opportunity:
    return Opportunity("open", event, event.stage, event.probability, event.owner, event.amount)


EVOLVE: dict[type, Callable[[Opportunity, Any], Opportunity]] = {
    OpportunityOpened: _opened,
    OpportunityStageChanged: lambda deal, e: replace(deal, stage=e.to_stage, probability=e.probability_to),
    OpportunityAmountChanged: lambda deal, e: replace(deal, amount=e.to_amount),
    OpportunityOwnerChanged: lambda deal, e: replace(deal, owner=e.to_owner),
    OpportunityWon: lambda deal, e: replace(deal, status="won", amount=e.amount),
    OpportunityLost: lambda deal, e: replace(deal, status="lost", reason_code=e.reason_code),
    OpportunityReopened: lambda deal, _: replace(deal, status="open", reason_code=None),
}


def evolve(deal: Opportunity, event: Any) -> Opportunity:
    """Return the deal after the event."""
    return EVOLVE[type(event)](deal, event)
