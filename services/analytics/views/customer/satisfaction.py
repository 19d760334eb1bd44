"""How the customer feels: answers to surveys, their trend, and the tone of what they say of us."""

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean
from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_change, with_new
from shared.events import Event

ANSWERS, LATEST = 20, 3
SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
COUNTED = {
    "SurveyRequested": "asked", "SurveyLapsed": "lapsed", "SurveySkipped": "skipped",
    "FeedbackLoopClosed": "loops_closed",
}  # fmt: skip
TYPES = frozenset({*COUNTED, "SurveyResponded", "SocialMentionReceived"})


def project(satisfaction: State, event: Event) -> dict[str, Any]:
    """Keep the latest answers; a correction replaces the score it corrects."""
    data = event.data
    if event.type == "SocialMentionReceived":
        return _heard(satisfaction, data.get("tone"))
    if event.type != "SurveyResponded":
        return _counted(satisfaction, COUNTED[event.type])
    answer = {name: data[name] for name in ("kind", "score", "low", "ticket_id", "themes") if name in data}
    if data.get("correction"):
        return with_change(satisfaction, "answers", data["survey_id"], **answer, by=event.id)
    begun = {**answer, "at": event.occurred_at, "by": event.id}
    return _counted(with_new(satisfaction, "answers", data["survey_id"], begun, ANSWERS), "answered")


def _heard(satisfaction: State, tone: str | None) -> dict[str, Any]:
    if tone is None:
        return dict(satisfaction)
    return {**satisfaction, "mentions": added(satisfaction.get("mentions"), **{tone: 1})}


def _counted(satisfaction: State, name: str) -> dict[str, Any]:
    return {**satisfaction, name: satisfaction.get(name, 0) + 1}


def trend(answers: Sequence[State]) -> float | None:
    """Return by how much the last three answers lie above the three before them, from -1 to 1.

    Answers of different scales are put on one from 0 (worst) to 1 (best). None below four answers.
    """
    shares = [_share(a) for a in sorted(answers, key=lambda a: (a["at"], a["by"]))]
    if len(shares) <= LATEST:
        return None
    return round(fmean(shares[-LATEST:]) - fmean(shares[-2 * LATEST : -LATEST]), 4)


def _share(answer: State) -> float:
    least, most = SCALES[answer["kind"]]
    share: float = (answer["score"] - least) / (most - least)
    return share


def shown(satisfaction: State, _: datetime) -> dict[str, Any]:
    """Return the section with the trend of the answers that are kept."""
    return {**satisfaction, "trend": trend(list(satisfaction.get("answers", {}).values()))}


SECTION = Section("satisfaction", TYPES, project, show=shown)
