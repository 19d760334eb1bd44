"""What an objective remembers in order to decide."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from services.analytics.domain.objective.events import (
    ObjectiveClosed,
    ObjectiveEvaluated,
    ObjectiveRevised,
    ObjectiveSet,
    Target,
)
from shared.days import DAY


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective, its target in force and its latest evaluation."""

    status: Literal["unknown", "active", "met", "missed", "abandoned"] = "unknown"
    set: ObjectiveSet | None = None
    target: Target | None = None
    deadline: date | None = None
    last: ObjectiveEvaluated | None = None
    met_at: datetime | None = None


def end_of(deadline: date) -> datetime:
    """Return the end of the deadline's day, in UTC."""
    return datetime.combine(deadline, time(), UTC) + DAY


def evolve(objective: Objective, event: Any) -> Objective:
    """Return the objective after the event."""
    match event:
        case ObjectiveSet():
            return Objective("active", event, event.target, event.deadline)
        case ObjectiveRevised():
            return replace(objective, target=event.target, deadline=event.deadline, met_at=None)
        case ObjectiveEvaluated():
            return _evaluated(objective, event)
        case ObjectiveClosed():
            return replace(objective, status=event.outcome)
    return objective


def _evaluated(objective: Objective, event: ObjectiveEvaluated) -> Objective:
    if objective.last and event.measured.as_of < objective.last.measured.as_of:
        return objective  # a look back changes nothing of how it stands
    met = event.status == "met"
    since = (objective.met_at or event.measured.as_of) if met else None
    return replace(objective, last=event, met_at=since)


def summary(objective: Objective) -> Mapping[str, Any] | None:
    """Return the line of the objective in lists."""
    if objective.set is None or objective.target is None:
        return None
    said, last = objective.set, objective.last
    return {
        "name": said.name,
        "status": objective.status,
        "metric_id": said.baseline.metric_id,
        "scope": said.baseline.scope,
        "owner": said.owner,
        "group": said.group,
        "baseline": said.baseline.value,
        "target": objective.target.value,
        "deadline": objective.deadline,
        "value": last.measured.value if last else said.baseline.value,
        "judgement": last.status if last else None,
        "evaluated_at": last.measured.as_of if last else None,
        "met_at": objective.met_at,
    }
