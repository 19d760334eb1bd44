"""The limit to teams: which metrics can be asked within it, and of whom."""

from typing import Any

from services.analytics.metrics.metric import Metric
from services.analytics.metrics.question import TEAM, Question
from shared.errors import Denied


def told_by_team(metric: Metric) -> bool:
    """Return whether every number of the metric belongs to a team."""
    return TEAM in metric.source.dimensions


def limited(teams: tuple[str, ...]) -> dict[str, Any]:
    """Return what an answer says of its limit; nothing when it has none."""
    return {"limited_to": teams} if teams else {}


def check_limit(metric: Metric, question: Question) -> None:
    """Raise Denied for what a question limited to teams may not ask."""
    limit, scope = f"this key is limited to teams ({', '.join(question.teams)})", question.scope
    if question.teams and not told_by_team(metric):
        raise Denied(f"{metric.id} is not told by team, and {limit}.")
    if question.teams and scope.dimension == TEAM and scope.value not in question.teams:
        raise Denied(f"The scope {scope} is another team's, and {limit}.")
