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
from services.sales.domain.opportunity.forecasting import FORECASTING, still_open
from services.sales.domain.opportunity.knowing import chance
from services.sales.domain.opportunity.reporting import report
from services.sales.domain.opportunity.stages import FIRST
from services.sales.domain.opportunity.state import Opportunity
from shared.days import ahead
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.plan import keeping
from shared.vocabulary import admitted

Events = list[Any]


def open_(deal: Opportunity, command: OpenOpportunity) -> Events:
    """Open the deal once; opening it with other content is refused."""
    opened = _opening(command)
    if deal.opened is None:
        _fit(command)
        return [opened]
    fixed = {"opened_at": opened.opened_at}
    if opened.probability_source == deal.opened.probability_source == "stage":
        fixed["probability"] = opened.probability  # type: ignore[assignment]
    if replace(deal.opened, **fixed) != opened:  # type: ignore[arg-type]
        raise Conflict(f"opportunity {command.opportunity_id} was opened before with other content")
    return []


def _fit(command: OpenOpportunity) -> None:
    errors = ahead("/opened_at", command.opened_at, command.at)
    if command.amount and command.amount.amount < 0:
        errors.append(FieldError("/amount/amount", "can not be negative"))
    if errors:
        raise Invalid(*errors)


def _opening(command: OpenOpportunity) -> OpportunityOpened:
    default = chance(command.pipeline, command.stage, command.at, FIRST.probability)
    given = command.probability is not None
    return OpportunityOpened(
        command.opportunity_id,
        command.pipeline_id,
        command.stage,
        default if command.probability is None else command.probability,
        command.owner,
        command.amount,
        command.product,
        command.organization,
        command.opened_at,
        command.expected_close_on,
        command.lead_id,
        "given" if given else "stage",
    )


def move(deal: Opportunity, command: MoveStage) -> Events:
    """The event carries the probabilities in force (S-7); nothing moves within one stage."""
    default = deal.probability
    if command.stage != deal.stage:
        default = chance(command.pipeline, command.stage, command.at, deal.probability)
    still_open(deal, command.opportunity_id)
    to = default if command.probability is None else command.probability
    if (command.stage, to) == (deal.stage, deal.probability):
        return []
    return [OpportunityStageChanged(command.opportunity_id, deal.stage, command.stage, deal.probability, to)]


def change_amount(deal: Opportunity, command: ChangeAmount) -> Events:
    """Only an open deal changes its worth, and never its currency."""
    still_open(deal, command.opportunity_id)
    if deal.amount == command.amount:
        return []
    if deal.amount and deal.amount.currency != command.amount.currency:
        raise Conflict(f"opportunity {command.opportunity_id} is in {deal.amount.currency}")
    if command.amount.amount < 0:
        raise Invalid(FieldError("/amount/amount", "can not be negative"))
    told = (command.amount, deal.amount, command.reason)
    return [OpportunityAmountChanged(command.opportunity_id, *told)]


def change_owner(deal: Opportunity, command: ChangeOwner) -> Events:
    """A known deal may be handed on at any time."""
    if deal.status == "unknown":
        raise NotFound(f"opportunity {command.opportunity_id} is not known")
    if deal.owner == command.owner:
        return []
    return [OpportunityOwnerChanged(command.opportunity_id, deal.owner, command.owner)]


def win(deal: Opportunity, command: WinOpportunity) -> Events:
    """Won needs an accepted quote or a recorded reason, and an amount; it is won once (S-6)."""
    amount = command.amount or (command.quote and command.quote.total) or deal.amount
    if deal.status == "won" and amount == deal.amount:
        return []
    still_open(deal, command.opportunity_id)
    if command.quote_id:
        _accepted(command)
    elif not (command.override_reason or "").strip():
        raise Invalid(FieldError("/override_reason", "is needed, as no quote was accepted"))
    if amount is None:
        raise Invalid(FieldError("/amount", "is needed: nobody said what the deal is worth"))
    if amount.amount < 0:
        raise Invalid(FieldError("/amount/amount", "can not be negative"))
    told = (deal.owner, command.override_reason, deal.opened_at, command.quote_id, command.at)
    return [OpportunityWon(command.opportunity_id, amount, *told)]


def lose(deal: Opportunity, command: LoseOpportunity) -> Events:
    """Lost needs a reason; it is lost once (S-6)."""
    if deal.status == "lost" and deal.reason_code == command.reason_code:
        return []
    still_open(deal, command.opportunity_id)
    if not command.reason_code.strip():
        raise Invalid(FieldError("/reason_code", "is needed to lose a deal"))
    admitted(command.codes, command.reason_code, "/reason_code")
    told = (deal.owner, deal.opened_at, command.competitor, command.note, command.at)
    return [OpportunityLost(command.opportunity_id, command.reason_code, *told)]


def reopen(deal: Opportunity, command: ReopenOpportunity) -> Events:
    """Reopening clears the close (S-6)."""
    if deal.status == "unknown":
        raise NotFound(f"opportunity {command.opportunity_id} is not known")
    if deal.status == "open":
        return []
    won = deal.amount if deal.status == "won" else None
    told = (deal.status, deal.owner, won, deal.closed_at)
    reopened = OpportunityReopened(command.opportunity_id, command.reason, *told)
    return [reopened, *_moved_on(deal, command)]


def _moved_on(deal: Opportunity, command: ReopenOpportunity) -> Events:
    """Nothing enters a retired stage, not even what was in it before it closed (S-8)."""
    to = command.pipeline.instead(deal.stage) if command.pipeline else None
    if to is None:
        return []
    to_chance = chance(command.pipeline, to, command.at, deal.probability)
    return [OpportunityStageChanged(command.opportunity_id, deal.stage, to, deal.probability, to_chance)]


def _accepted(command: WinOpportunity) -> None:
    quote = command.quote
    if quote is None or quote.status != "accepted" or quote.opportunity_id != command.opportunity_id:
        raise Conflict(f"quote {command.quote_id} is no accepted quote of this opportunity")


DECIDE: dict[type, Callable[[Opportunity, Any], Events]] = {
    OpenOpportunity: open_,
    MoveStage: move,
    ChangeAmount: change_amount,
    ChangeOwner: change_owner,
    WinOpportunity: win,
    LoseOpportunity: lose,
    ReopenOpportunity: reopen,
    **keeping("opportunity", lambda deal: deal.opened and deal.opened.opportunity_id),
    **FORECASTING,
}


def decide(deal: Opportunity, command: Any) -> Events:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, ReportOpportunity):
        return report(deal, command, decide)
    return DECIDE[type(command)](deal, command)
