"""What may be asked of a survey."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from services.support.domain.survey.events import Reason, Score, Themes
from services.support.domain.terms import SurveyKind, SurveyTrigger
from services.support.domain.ticket.clock_events import Cycle
from shared.values import Code, Id, Length, Personal, Positive, Text


@dataclass(frozen=True, slots=True)
class RequestSurvey:
    """Ask the customer how it went."""

    survey_id: Id
    ticket_id: Id
    cycle: Cycle
    kind: SurveyKind
    answer_by: datetime
    trigger: SurveyTrigger | None = None


@dataclass(frozen=True, slots=True)
class SkipSurvey:
    """Do not ask after all."""

    survey_id: Id
    reason: Code


@dataclass(frozen=True, slots=True)
class RespondSurvey:
    """Take the customer's answer; a later one corrects it."""

    survey_id: Id
    score: Score
    at: datetime
    comment: Annotated[str | None, Length(0, 2_000), Personal()] = None
    themes: Themes = ()


@dataclass(frozen=True, slots=True)
class CloseLoop:
    """Say what was done about the answer."""

    survey_id: Id
    action: Text


@dataclass(frozen=True, slots=True)
class MarkSent:
    """Note that this attempt left."""

    survey_id: Id
    attempt: Positive
    provider_id: Id
    channel: Code = "email"


@dataclass(frozen=True, slots=True)
class MarkUndelivered:
    """Note that this attempt certainly did not reach the customer, and why."""

    survey_id: Id
    attempt: Positive
    reason: Reason
    at: datetime
    detail: Text | None = None


@dataclass(frozen=True, slots=True)
class MarkUnknown:
    """Note that nobody knows whether this attempt left."""

    survey_id: Id
    attempt: Positive
    note: Text


@dataclass(frozen=True, slots=True)
class RequeueSurvey:
    """Send it once more, for instance when the customer has an address by now."""

    survey_id: Id
