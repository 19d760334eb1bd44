"""Survey: requested, responded, lapsed or skipped; the loop is closed when somebody acted on the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.support.domain.survey.commands import CloseLoop, RequestSurvey, RespondSurvey, SkipSurvey
from services.support.domain.survey.events import (
    FeedbackLoopClosed,
    SurveyLapsed,
    SurveyRequested,
    SurveyResponded,
    SurveySkipped,
)
from services.support.domain.terms import SurveyKind
from shared.decide.decider import Decider, Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound

SCALES: dict[SurveyKind, range] = {"csat": range(1, 6), "nps": range(11), "ces": range(1, 8)}
LOW: dict[SurveyKind, int] = {"csat": 2, "nps": 6, "ces": 3}
LAPSES = "lapses"


def survey_of(ticket_id: str, cycle: int) -> str:
    """Return the id of the one survey there can be about a ticket's cycle (T-9)."""
    return f"{ticket_id}.{cycle}"


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey about one cycle of a ticket."""

    status: Literal["unknown", "requested", "responded", "lapsed", "skipped"] = "unknown"
    requested: SurveyRequested | None = None
    score: int | None = None
    low: bool = False
    closed: bool = False


def decide(survey: Survey, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, Elapsed):
        due = timers(survey).get(command.timer) == command.at
        return [SurveyLapsed(survey.requested.survey_id)] if due and survey.requested else []
    if isinstance(command, RequestSurvey):
        return _request(survey, command)
    if survey.requested is None:
        raise NotFound(f"survey {command.survey_id} is not known")
    return DECIDE[type(command)](survey, command, survey.requested)


def _request(survey: Survey, command: RequestSurvey) -> list[Any]:
    if command.survey_id != survey_of(command.ticket_id, command.cycle):
        raise Invalid(FieldError("/survey_id", "is not the survey of this ticket's cycle"))
    if survey.requested:
        return []
    asked = (command.ticket_id, command.cycle, command.kind, command.answer_by)
    return [SurveyRequested(command.survey_id, *asked)]


def _skip(survey: Survey, command: SkipSurvey, _: SurveyRequested) -> list[Any]:
    if survey.status not in ("requested", "skipped"):
        raise Conflict(f"survey {command.survey_id} is {survey.status}")
    return [] if survey.status == "skipped" else [SurveySkipped(command.survey_id, command.reason)]


def _respond(survey: Survey, command: RespondSurvey, asked: SurveyRequested) -> list[Any]:
    """T-9: inside the answer window; a second answer corrects, and both are kept."""
    if survey.status not in ("requested", "responded") or command.at > asked.answer_by:
        state = survey.status if survey.status in ("lapsed", "skipped") else "over"
        raise Conflict(f"survey {command.survey_id} is {state}: no answer is taken")
    scale = SCALES[asked.kind]
    if command.score not in scale:
        raise Invalid(FieldError("/score", f"is not between {scale[0]} and {scale[-1]}"))
    low, again = command.score <= LOW[asked.kind], survey.status == "responded"
    told = (command.score, low, again, command.comment, command.themes)
    return [SurveyResponded(command.survey_id, asked.ticket_id, asked.kind, *told)]


def _close(survey: Survey, command: CloseLoop, _: SurveyRequested) -> list[Any]:
    if survey.status != "responded":
        raise Conflict(f"survey {command.survey_id} is {survey.status}: there is no answer to act on")
    return [] if survey.closed else [FeedbackLoopClosed(command.survey_id, command.action)]


DECIDE: dict[type, Callable[[Survey, Any, SurveyRequested], list[Any]]] = {
    SkipSurvey: _skip,
    RespondSurvey: _respond,
    CloseLoop: _close,
}


def _responded(survey: Survey, e: SurveyResponded) -> Survey:
    return replace(survey, status="responded", score=e.score, low=e.low, closed=False)


EVOLVE: dict[type, Callable[[Survey, Any], Survey]] = {
    SurveyRequested: lambda _, e: Survey("requested", e),
    SurveySkipped: lambda survey, _: replace(survey, status="skipped"),
    SurveyResponded: _responded,
    SurveyLapsed: lambda survey, _: replace(survey, status="lapsed"),
    FeedbackLoopClosed: lambda survey, _: replace(survey, closed=True),
}


def timers(survey: Survey) -> dict[str, datetime]:
    """Return when an unanswered survey lapses."""
    waits = survey.status == "requested" and survey.requested
    return {LAPSES: survey.requested.answer_by} if waits and survey.requested else {}


def summary(survey: Survey) -> dict[str, Any] | None:
    """Return the line in lists."""
    if survey.requested is None:
        return None
    asked = {"ticket_id": survey.requested.ticket_id, "kind": survey.requested.kind}
    answer = {"score": survey.score, "low": survey.low, "closed": survey.closed}
    return {"status": survey.status, **asked, **answer}


SURVEY = Decider(
    category="survey",
    service="support",
    initial=Survey(),
    decide=decide,
    evolve=lambda survey, event: EVOLVE[type(event)](survey, event),
    events=tuple(EVOLVE),
    commands={"skip": SkipSurvey, "respond": RespondSurvey, "close-loop": CloseLoop},
    timers=timers,
    summary=summary,
    filters=("status", "kind", "ticket_id", "customer"),
)

__all__ = [
    "SURVEY",
    "CloseLoop",
    "FeedbackLoopClosed",
    "RequestSurvey",
    "RespondSurvey",
    "SkipSurvey",
    "Survey",
    "SurveyLapsed",
    "SurveyRequested",
    "SurveyResponded",
    "SurveySkipped",
    "survey_of",
]
