"""What customers read: the question of each kind of survey, and the letter that asks it."""

from datetime import datetime
from typing import NamedTuple

from services.support.domain.terms import SurveyKind


class Question(NamedTuple):
    """A question, and what the ends of its scale mean."""

    text: str
    least: str
    most: str


QUESTIONS: dict[SurveyKind, Question] = {
    "csat": Question("How satisfied are you with how we handled your request?", "not at all", "very"),
    "nps": Question("How likely are you to recommend us?", "not at all", "extremely"),
    "ces": Question("We made it easy to solve your request. Do you agree?", "not at all", "fully"),
}
SUBJECT = "How did we do?"
LETTER = """Hello,

{question}

Please answer here, it takes a minute: {link}

The link is yours alone and works until {until}.
"""


def letter(kind: SurveyKind, link: str, answer_by: datetime) -> str:
    """Return the text of the letter."""
    return LETTER.format(question=QUESTIONS[kind].text, link=link, until=day(answer_by))


def day(moment: datetime) -> str:
    """Return a day as people write it, such as 1 May 2026."""
    return f"{moment.day} {moment:%B %Y}"
