"""What may be asked of a survey."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from services.support.domain.survey.events import Score, Themes
from services.support.domain.terms import SurveyKind
from services.support.domain.ticket.clock_events import Cycle
from shared.values import Code, Id, Length, Personal, Text


@dataclass(frozen=True, slots=True)
class RequestSurvey:
    """Ask the customer how it went."""

    survey_id: Id
    ticket_id: Id
    cycle: Cycle
    kind: SurveyKind
    answer_by: datetime


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
