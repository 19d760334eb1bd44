"""Survey: requested, sent, responded, lapsed or skipped; closed when somebody acted on the answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.support.domain.survey import delivery
from services.support.domain.survey.commands import (
    CloseLoop,
    MarkSent,
    MarkUndelivered,
    MarkUnknown,
    RequestSurvey,
    RequeueSurvey,
    RespondSurvey,
    SkipSurvey,
)
from services.support.domain.survey.delivery import AGAIN, try_again
from services.support.domain.survey.events import (
    FeedbackLoopClosed,
    SurveyLapsed,
    SurveyOutcomeUnknown,
    SurveyRequested,
    SurveyRequeued,
    SurveyResponded,
    SurveySent,
    SurveySkipped,
    SurveyUndelivered,
)
from services.support.domain.survey.state import EVOLVE, Survey, evolve
from services.support.domain.terms import SurveyKind
from shared.decide.decider import Decider, Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound

SCALES: dict[SurveyKind, range] = {"csat": range(1, 6), "nps": range(11), "ces": range(1, 8)}
LOW: dict[SurveyKind, int] = {"csat": 2, "nps": 6, "ces": 3}
LAPSES = "lapses"


def survey_of(ticket_id: str, cycle: int) -> str:
    """Return the id of the one survey there can be about a ticket's cycle (T-9)."""
    return f"{ticket_id}.{cycle}"


def decide(survey: Survey, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, Elapsed):
        return _elapsed(survey, command)
    if isinstance(command, RequestSurvey):
        return _request(survey, command)
    if survey.requested is None:
        raise NotFound(f"survey {command.survey_id} is not known")
    return DECIDE[type(command)](survey, command, survey.requested)


def _elapsed(survey: Survey, command: Elapsed) -> list[Any]:
    if timers(survey).get(command.timer) != command.at or survey.requested is None:
        return []
    return try_again(survey) if command.timer == AGAIN else [SurveyLapsed(survey.requested.survey_id)]


def _request(survey: Survey, command: RequestSurvey) -> list[Any]:
    if command.survey_id != survey_of(command.ticket_id, command.cycle):
        raise Invalid(FieldError("/survey_id", "is not the survey of this ticket's cycle"))
    if survey.requested:
        return []
    asked = (command.ticket_id, command.cycle, command.kind, command.answer_by, command.trigger)
    return [SurveyRequested(command.survey_id, *asked)]


def _skip(survey: Survey, command: SkipSurvey, _: SurveyRequested) -> list[Any]:
    if survey.status not in ("requested", "skipped"):
        raise Conflict(f"survey {command.survey_id} is {survey.status}")
    return [] if survey.status == "skipped" else [SurveySkipped(command.survey_id, command.reason)]


def _respond(survey: Survey, command: RespondSurvey, asked: SurveyRequested) -> list[Any]:
    """T-9: inside the answer window; a second answer corrects, and both are kept. The same is no news."""
    if survey.status not in ("requested", "responded") or command.at > asked.answer_by:
        state = survey.status if survey.status in ("lapsed", "skipped") else "over"
        raise Conflict(f"survey {command.survey_id} is {state}: no answer is taken")
    scale = SCALES[asked.kind]
    if command.score not in scale:
        raise Invalid(FieldError("/score", f"is not between {scale[0]} and {scale[-1]}"))
    plain = not (command.comment or command.themes)
    if survey.status == "responded" and survey.score == command.score and plain:
        return []
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
    MarkSent: delivery.mark_sent,
    MarkUndelivered: delivery.mark_undelivered,
    MarkUnknown: delivery.mark_unknown,
    RequeueSurvey: delivery.requeue,
}


def timers(survey: Survey) -> dict[str, datetime]:
    """Return when an unanswered survey lapses, and when one that was refused for now is sent again."""
    if survey.status != "requested" or survey.requested is None:
        return {}
    again = {AGAIN: survey.again_at} if survey.again_at else {}
    return {LAPSES: survey.requested.answer_by, **again}


def summary(survey: Survey) -> dict[str, Any] | None:
    """Return the line in lists."""
    if survey.requested is None:
        return None
    asked = {"ticket_id": survey.requested.ticket_id, "kind": survey.requested.kind}
    answer = {"score": survey.score, "low": survey.low, "closed": survey.closed}
    way = {"delivery": "waiting" if survey.waits else _fared(survey), "reason": survey.reason}
    return {"status": survey.status, **asked, **answer, **way}


def _fared(survey: Survey) -> str:
    """A question that was answered or dropped before it was sent waits no more."""
    return "unsent" if survey.delivery == "waiting" else survey.delivery


SURVEY = Decider(
    category="survey",
    service="support",
    initial=Survey(),
    decide=decide,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        "skip": SkipSurvey,
        "respond": RespondSurvey,
        "close-loop": CloseLoop,
        "requeue": RequeueSurvey,
    },
    timers=timers,
    summary=summary,
    filters=("status", "kind", "ticket_id", "customer", "delivery"),
)

__all__ = [
    "SCALES",
    "SURVEY",
    "CloseLoop",
    "FeedbackLoopClosed",
    "MarkSent",
    "MarkUndelivered",
    "MarkUnknown",
    "RequestSurvey",
    "RequeueSurvey",
    "RespondSurvey",
    "SkipSurvey",
    "Survey",
    "SurveyLapsed",
    "SurveyOutcomeUnknown",
    "SurveyRequested",
    "SurveyRequeued",
    "SurveyResponded",
    "SurveySent",
    "SurveySkipped",
    "SurveyUndelivered",
    "survey_of",
]
