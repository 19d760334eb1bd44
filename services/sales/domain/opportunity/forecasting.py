"""What an open deal lets expect: how likely, how sure, when, against whom, and what is done next."""

from collections.abc import Callable
from typing import Any

from services.sales.domain.opportunity.commands import (
    ChangeExpectedClose,
    NoteCompetitor,
    NotifyOwner,
    PlanNextStep,
    SetForecastCategory,
    SetProbability,
)
from services.sales.domain.opportunity.events import (
    CompetitorNoted,
    ExpectedCloseChanged,
    ForecastCategoryChanged,
    NextStepPlanned,
    OwnerNotified,
    ProbabilityOverridden,
)
from services.sales.domain.opportunity.state import Opportunity
from shared.errors import Conflict, FieldError, Invalid, NotFound


def set_probability(deal: Opportunity, command: SetProbability) -> list[Any]:
    """The override holds until the deal moves to another stage, and needs a reason."""
    still_open(deal, command.opportunity_id)
    if not command.reason.strip():
        raise Invalid(FieldError("/reason", "is needed to override the stage's probability"))
    if deal.probability == command.probability:
        return []
    return [
        ProbabilityOverridden(command.opportunity_id, deal.probability, command.probability, command.reason)
    ]


def set_category(deal: Opportunity, command: SetForecastCategory) -> list[Any]:
    """The category in force is no news."""
    still_open(deal, command.opportunity_id)
    if deal.category == command.category:
        return []
    return [ForecastCategoryChanged(command.opportunity_id, command.category, deal.category)]


def change_expected_close(deal: Opportunity, command: ChangeExpectedClose) -> list[Any]:
    """From which day to which, so that slipping deals show."""
    still_open(deal, command.opportunity_id)
    if deal.expected_close_on == command.expected_close_on:
        return []
    return [ExpectedCloseChanged(command.opportunity_id, command.expected_close_on, deal.expected_close_on)]


def note_competitor(deal: Opportunity, command: NoteCompetitor) -> list[Any]:
    """Each competitor is noted once."""
    still_open(deal, command.opportunity_id)
    if command.competitor in deal.competitors:
        return []
    return [CompetitorNoted(command.opportunity_id, command.competitor)]


def plan_next_step(deal: Opportunity, command: PlanNextStep) -> list[Any]:
    """Every plan is news: what was planned before is sealed and can not be compared."""
    still_open(deal, command.opportunity_id)
    return [NextStepPlanned(command.opportunity_id, command.step, command.due_at)]


def notify_owner(deal: Opportunity, command: NotifyOwner) -> list[Any]:
    """One event is told once."""
    still_open(deal, command.opportunity_id)
    if any(notice.event_id == command.event_id for notice in deal.notices):
        return []
    told = (command.about, command.text, command.event_id)
    return [OwnerNotified(command.opportunity_id, deal.owner, *told)]


def still_open(deal: Opportunity, opportunity_id: str) -> None:
    """Raise NotFound or Conflict unless the deal is open."""
    if deal.status == "unknown":
        raise NotFound(f"opportunity {opportunity_id} is not known")
    if deal.status != "open":
        raise Conflict(f"opportunity {opportunity_id} is {deal.status}: reopen it first")


FORECASTING: dict[type, Callable[[Opportunity, Any], list[Any]]] = {
    SetProbability: set_probability,
    SetForecastCategory: set_category,
    ChangeExpectedClose: change_expected_close,
    NoteCompetitor: note_competitor,
    PlanNextStep: plan_next_step,
    NotifyOwner: notify_owner,
}
