"""What commands of a deal have to know of its pipeline, its quote and the reasons a deal may be lost for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.sales.domain.opportunity.commands import (
    LoseOpportunity,
    MoveStage,
    OpenOpportunity,
    QuoteKnown,
    ReopenOpportunity,
    ReportOpportunity,
    WinOpportunity,
)
from services.sales.domain.opportunity.stages import LOST, WON, probability_of
from services.sales.domain.opportunity.state import Opportunity
from services.sales.domain.pipeline.state import Pipeline
from shared.decide import Facts
from shared.errors import FieldError, Invalid

LOSS_REASONS = "loss-reasons"


def chance(pipeline: Pipeline | None, stage: str, at: datetime | None, otherwise: int) -> int:
    """Return the probability in force for a deal that enters a stage (S-7). Raises Invalid (S-8).

    A pipeline nobody defined has the built-in stages, and takes any other of the reporting system's own.
    """
    if pipeline is not None and pipeline.defined is not None:
        return pipeline.entrance(stage).probability_at(at)
    if stage in (WON, LOST):
        raise Invalid(FieldError("/stage", f"{stage} is no open stage: win or lose the deal"))
    return probability_of(stage, otherwise)


def first_open(pipeline: Pipeline | None, otherwise: str) -> str:
    """Return the stage a deal was in of which only its close is known."""
    stages = pipeline.stages if pipeline else ()
    return next((s.code for s in stages if s.type == "open" and not s.retired), otherwise)


def _named(_: Opportunity, command: Any) -> list[tuple[str, str]]:
    return [("pipeline", command.pipeline_id)]


def _own(deal: Opportunity, _: Any) -> list[tuple[str, str]]:
    return [("pipeline", deal.opened.pipeline_id)] if deal.opened else []


def _first(states: Sequence[Any]) -> Any:
    return states[0] if states else None


def _quote(_: Opportunity, command: WinOpportunity) -> list[tuple[str, str]]:
    return [("quote", command.quote_id)] if command.quote_id else []


def _known(states: Sequence[Any]) -> QuoteKnown | None:
    quote = _first(states)
    return QuoteKnown(quote.status, quote.opportunity_id, quote.total) if quote else None


def _codes(states: Sequence[Any]) -> Any:
    return states[0].codes


FACTS: dict[type, Facts] = {
    OpenOpportunity: Facts("pipeline", _named, _first),
    ReportOpportunity: Facts("pipeline", _named, _first),
    MoveStage: Facts("pipeline", _own, _first),
    ReopenOpportunity: Facts("pipeline", _own, _first),
    WinOpportunity: Facts("quote", _quote, _known),
    LoseOpportunity: Facts("codes", lambda *_: [("vocabulary", LOSS_REASONS)], _codes),
}
