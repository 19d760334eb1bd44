"""What a survey remembers in order to decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

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


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey about one cycle of a ticket; `delivery` says how the question itself fares."""

    status: Literal["unknown", "requested", "responded", "lapsed", "skipped"] = "unknown"
    requested: SurveyRequested | None = None
    score: int | None = None
    low: bool = False
    closed: bool = False
    delivery: Literal["waiting", "sent", "undelivered", "unknown"] = "waiting"
    attempt: int = 1
    reason: str | None = None
    again_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether the question is still to be sent."""
        return self.status == "requested" and self.delivery == "waiting"


def _responded(survey: Survey, e: SurveyResponded) -> Survey:
    return replace(survey, status="responded", score=e.score, low=e.low, closed=False, again_at=None)


def _undelivered(survey: Survey, e: SurveyUndelivered) -> Survey:
    return replace(survey, delivery="undelivered", reason=e.reason, again_at=e.again_at)


def _requeued(survey: Survey, e: SurveyRequeued) -> Survey:
    return replace(survey, delivery="waiting", attempt=e.attempt, reason=None, again_at=None)


EVOLVE: dict[type, Callable[[Survey, Any], Survey]] = {
    SurveyRequested: lambda _, e: Survey("requested", e),
    SurveySkipped: lambda survey, _: replace(survey, status="skipped", again_at=None),
    SurveyResponded: _responded,
    SurveyLapsed: lambda survey, _: replace(survey, status="lapsed", again_at=None),
    FeedbackLoopClosed: lambda survey, _: replace(survey, closed=True),
    SurveySent: lambda survey, _: replace(survey, delivery="sent"),
    SurveyUndelivered: _undelivered,
    SurveyOutcomeUnknown: lambda survey, e: replace(survey, delivery="unknown", reason=e.note),
    SurveyRequeued: _requeued,
}


def evolve(survey: Survey, event: Any) -> Survey:
    """Return the survey after the event."""
    return EVOLVE[type(event)](survey, event)
