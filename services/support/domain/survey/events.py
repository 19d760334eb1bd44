"""What can be said of a survey. The comment is sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from services.support.domain.terms import SurveyKind, SurveyTrigger
from services.support.domain.ticket.clock_events import Cycle
from shared.values import Between, Code, Id, Length, Positive, Secret, Text

Score = Annotated[int, Between(0, 10)]
Reason = Literal["no_customer", "no_address", "refused", "refused_for_now"]
Themes = Annotated[tuple[Code, ...], Length(0, 20)]


@dataclass(frozen=True, slots=True)
class SurveyRequested:
    """The customer was asked about this cycle of the ticket, and may answer until then."""

    survey_id: Id
    ticket_id: Id
    cycle: Cycle
    kind: SurveyKind
    answer_by: datetime
    trigger: SurveyTrigger | None = None


@dataclass(frozen=True, slots=True)
class SurveySkipped:
    """The customer is not asked."""

    survey_id: Id
    reason: Code


@dataclass(frozen=True, slots=True)
class SurveyResponded:
    """The customer answered; `low` answers want somebody's care, a correction replaces the one before."""

    survey_id: Id
    ticket_id: Id
    kind: SurveyKind
    score: Score
    low: bool
    correction: bool = False
    comment: Secret | None = None
    themes: Themes = ()


@dataclass(frozen=True, slots=True)
class SurveyLapsed:
    """The customer did not answer in time."""

    survey_id: Id


@dataclass(frozen=True, slots=True)
class FeedbackLoopClosed:
    """Somebody acted on the answer."""

    survey_id: Id
    action: Text


@dataclass(frozen=True, slots=True)
class SurveySent:
    """The question left for the customer; `provider_id` is what the mail server knows it by."""

    survey_id: Id
    channel: Code
    provider_id: Id


@dataclass(frozen=True, slots=True)
class SurveyUndelivered:
    """The question did not reach the customer; with `again_at` it is sent again then by itself."""

    survey_id: Id
    reason: Reason
    attempt: Positive
    detail: Text | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SurveyOutcomeUnknown:
    """It may have left or not: it is not sent again by itself."""

    survey_id: Id
    attempt: Positive
    note: Text


@dataclass(frozen=True, slots=True)
class SurveyRequeued:
    """It is sent once more."""

    survey_id: Id
    attempt: Positive
