"""From a report of another system to the events that lead there from where the deal stands."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
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
from services.sales.domain.opportunity.knowing import first_open
from services.sales.domain.opportunity.stages import LOST, STAGES, WON
from services.sales.domain.opportunity.state import Opportunity, evolve
from shared.decide.decider import At
from shared.errors import Conflict, FieldError, Invalid

REPORTED = "reported"
UNTOLD = "not_told"
Decide = Callable[[Opportunity, Any], list[Any]]


def report(deal: Opportunity, told: ReportOpportunity, decide: Decide) -> list[At]:
    """Return the missing events, each at its own moment: opened when engaged, closed when closed (S-6)."""
    _consistent(deal, told)
    events: list[At] = []
    for command, at in _steps(deal, told):
        for event in decide(deal, command):
            events.append(At(event, at))
            deal = evolve(deal, event)
    return events


def _consistent(deal: Opportunity, told: ReportOpportunity) -> None:
    if told.engaged_on and told.closed_on and told.closed_on < told.engaged_on:
        raise Invalid(FieldError("/closed_on", "can not be before engaged_on"))
    if told.stage == WON and not (told.amount or deal.amount):
        raise Invalid(FieldError("/amount", "is needed to win a deal"))
    if told.stage == WON and deal.status == "won" and told.amount not in (None, deal.amount):
        raise Conflict(f"opportunity {told.opportunity_id} was won before with another amount")


def _steps(deal: Opportunity, told: ReportOpportunity) -> Iterator[tuple[Any, datetime]]:
    """Yield the commands that lead there, with their moments; satisfied ones decide nothing."""
    id_ = told.opportunity_id
    closed = _moment(told.closed_on) or told.reported_at
    if deal.status == "unknown":
        opened = _moment(told.engaged_on) or min(closed, told.reported_at)
        yield _opening(told, opened), opened
    elif deal.status in ("won", "lost") and told.stage != {"won": WON, "lost": LOST}[deal.status]:
        yield ReopenOpportunity(id_, REPORTED), closed
    yield ChangeOwner(id_, told.owner), closed
    yield from ((command, closed) for command in _arriving(deal, told, closed))


def _arriving(deal: Opportunity, told: ReportOpportunity, closed: datetime) -> Iterator[Any]:
    id_ = told.opportunity_id
    if told.stage == WON:
        yield WinOpportunity(id_, REPORTED, told.amount, at=closed)
    elif told.stage == LOST:
        reason = told.lost_reason or (deal.status == "lost" and deal.reason_code) or UNTOLD
        yield LoseOpportunity(id_, reason, at=closed)
    else:
        yield MoveStage(id_, told.stage, at=told.reported_at, pipeline=told.pipeline)
        if told.amount:
            yield ChangeAmount(id_, told.amount)


def _opening(told: ReportOpportunity, opened: datetime) -> OpenOpportunity:
    """A deal first heard of when closed was engaged in before."""
    closed = told.stage in (WON, LOST)
    return OpenOpportunity(
        told.opportunity_id,
        told.owner,
        first_open(told.pipeline, STAGES[1].code) if closed else told.stage,
        told.pipeline_id,
        amount=None if closed else told.amount,
        product=told.product,
        organization=told.organization,
        opened_at=opened,
        at=max(opened, told.reported_at),  # a day may begin earlier where it was told
        pipeline=told.pipeline,
    )


def _moment(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
