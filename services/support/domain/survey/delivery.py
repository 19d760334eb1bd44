"""What a survey decides about the way of its question to the customer."""

from datetime import timedelta
from typing import Any

from services.support.domain.survey.commands import MarkSent, MarkUndelivered, MarkUnknown, RequeueSurvey
from services.support.domain.survey.events import (
    SurveyOutcomeUnknown,
    SurveyRequested,
    SurveyRequeued,
    SurveySent,
    SurveyUndelivered,
)
from services.support.domain.survey.state import Survey
from shared.errors import Conflict

AGAIN = "again"
FIRST_PAUSE, ATTEMPTS = timedelta(minutes=15), 6  # 15 minutes, then each time double: 8 hours in all


def mark_sent(survey: Survey, command: MarkSent, _: SurveyRequested) -> list[Any]:
    """Note what left, once."""
    if not _current(survey, command.attempt):
        return []
    return [SurveySent(command.survey_id, command.channel, command.provider_id)]


def mark_undelivered(survey: Survey, command: MarkUndelivered, _: SurveyRequested) -> list[Any]:
    """A refusal for now is tried again by itself, later and later, a few times."""
    if not _current(survey, command.attempt):
        return []
    again = command.reason == "refused_for_now" and command.attempt < ATTEMPTS
    at = command.at + FIRST_PAUSE * 2 ** (command.attempt - 1) if again else None
    return [SurveyUndelivered(command.survey_id, command.reason, command.attempt, command.detail, at)]


def mark_unknown(survey: Survey, command: MarkUnknown, _: SurveyRequested) -> list[Any]:
    """What may have left is not sent again by itself."""
    if not _current(survey, command.attempt):
        return []
    return [SurveyOutcomeUnknown(command.survey_id, command.attempt, command.note)]


def requeue(survey: Survey, command: RequeueSurvey, _: SurveyRequested) -> list[Any]:
    """Only what did not leave, or may not have, while the customer may answer still."""
    if survey.waits:
        return []
    if survey.status != "requested" or survey.delivery == "sent":
        raise Conflict(f"survey {command.survey_id} is {_standing(survey)}: it is not sent again")
    return [SurveyRequeued(command.survey_id, survey.attempt + 1)]


def try_again(survey: Survey) -> list[Any]:
    """The pause after a refusal for now is over."""
    asked = survey.requested
    return [SurveyRequeued(asked.survey_id, survey.attempt + 1)] if asked else []


def _standing(survey: Survey) -> str:
    return "sent" if survey.status == "requested" else survey.status


def _current(survey: Survey, attempt: int) -> bool:
    return survey.attempt == attempt and survey.delivery == "waiting"
