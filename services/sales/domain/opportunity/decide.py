"""What an opportunity decides."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.sales.domain.opportunity.commands import (
    ChangeAmount,
    ChangeOwner,
    LoseOpportunity,
    MoveStage,
    OpenOpportunity,
    ReopenOpportunity,
    ReportOpportunity,
    WinOpportunity,
)
from services.sales.domain.opportunity.events import (
    OpportunityAmountChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
)
from services.sales.domain.opportunity.reporting import report
from services.sales.domain.opportunity.stages import FIRST, LOST, WON, probability_of
from services.sales.domain.opportunity.state import Opportunity
from shared.errors import Conflict, FieldError, Invalid, NotFound

Events = list[Any]


def open_(deal: Opportunity, command: OpenOpportunity) -> Events:
    """Open the deal once; opening it with other content is refused."""
    _open_stage(command.stage)
    chance = command.probability
    opened = OpportunityOpened(
        command.opportunity_id,
        command.pipeline_id,
        command.stage,
        probability_of(command.stage, FIRST.probability) if chance is None else chance,
        command.owner,
        command.amount,
        command.product,
        command.organization,
        command.opened_at,
    )
    if deal.opened is None:
        return [opened]
    if replace(deal.opened, opened_at=opened.opened_at) != opened:
        raise Conflict(f"opportunity {command.opportunity_id} was opened before with other content")
    return []


def move(deal: Opportunity, command: MoveStage) -> Events:
    """The event carries the probabilities in force (S-7); nothing moves within one stage."""
    _open_stage(command.stage)
    _open(deal, command.opportunity_id)
    default = (
        deal.probability if command.stage == deal.stage else probability_of(command.stage, deal.probability)
    )
    chance = default if command.probability is None else command.probability
    if (command.stage, chance) == (deal.stage, deal.probability):
        return []
    return [
        OpportunityStageChanged(command.opportunity_id, deal.stage, command.stage, deal.probability, chance)
    ]


def change_amount(deal: Opportunity, command: ChangeAmount) -> Events:
    """Only an open deal changes its worth, and never its currency."""
    _open(deal, command.opportunity_id)
    if deal.amount == command.amount:
        return []
    if deal.amount and deal.amount.currency != command.amount.currency:
        raise Conflict(f"opportunity {command.opportunity_id} is in {deal.amount.currency}")
    if command.amount.amount < 0:
        raise Invalid(FieldError("/amount/amount", "can not be negative"))
    return [OpportunityAmountChanged(command.opportunity_id, command.amount, deal.amount)]


def change_owner(deal: Opportunity, command: ChangeOwner) -> Events:
    """A known deal may be handed on at any time."""
    if deal.status == "unknown":
        raise NotFound(f"opportunity {command.opportunity_id} is not known")
    if deal.owner == command.owner:
        return []
    return [OpportunityOwnerChanged(command.opportunity_id, deal.owner, command.owner)]


def win(deal: Opportunity, command: WinOpportunity) -> Events:
    """Won needs a recorded reason and an amount; it is won once (S-6)."""
    amount = command.amount or deal.amount
    if deal.status == "won" and amount == deal.amount:
        return []
    _open(deal, command.opportunity_id)
    if not (command.override_reason or "").strip():
        raise Invalid(FieldError("/override_reason", "is needed, as no quote was accepted"))
    if amount is None or amount.amount < 0:
        raise Invalid(FieldError("/amount", "is needed: nobody said what the deal is worth"))
    return [
        OpportunityWon(command.opportunity_id, amount, deal.owner, command.override_reason, deal.opened_at)
    ]


def lose(deal: Opportunity, command: LoseOpportunity) -> Events:
    """Lost needs a reason; it is lost once (S-6)."""
    if deal.status == "lost" and deal.reason_code == command.reason_code:
        return []
    _open(deal, command.opportunity_id)
    if not command.reason_code.strip():
        raise Invalid(FieldError("/reason_code", "is needed to lose a deal"))
    return [OpportunityLost(command.opportunity_id, command.reason_code, deal.owner, deal.opened_at)]


def reopen(deal: Opportunity, command: ReopenOpportunity) -> Events:
    """Reopening clears the close (S-6)."""
    if deal.status == "unknown":
        raise NotFound(f"opportunity {command.opportunity_id} is not known")
    return [] if deal.status == "open" else [OpportunityReopened(command.opportunity_id, command.reason)]


def _open(deal: Opportunity, opportunity_id: str) -> None:
    if deal.status == "unknown":
        raise NotFound(f"opportunity {opportunity_id} is not known")
    if deal.status != "open":
        raise Conflict(f"opportunity {opportunity_id} is {deal.status}: reopen it first")


def _open_stage(stage: str) -> None:
    if stage in (WON, LOST):
        raise Invalid(FieldError("/stage", f"{stage} is no open stage: win or lose the deal"))


DECIDE: dict[type, Callable[[Opportunity, Any], Events]] = {
    OpenOpportunity: open_,
    MoveStage: move,
    ChangeAmount: change_amount,
    ChangeOwner: change_owner,
    WinOpportunity: win,
    LoseOpportunity: lose,
    ReopenOpportunity: reopen,
}


def decide(deal: Opportunity, command: Any) -> Events:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, ReportOpportunity):
        return report(deal, command, decide)
    return DECIDE[type(command)](deal, command)
