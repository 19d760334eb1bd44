"""What an initiative remembers in order to decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Literal

from services.analytics.domain.initiative.events import (
    InitiativeEvaluated,
    InitiativeStarted,
    InitiativeStepCompleted,
    InitiativeStepLate,
)
from shared.days import DAY
from shared.values import Money

LATE = "late."


@dataclass(frozen=True, slots=True)
class Initiative:
    """An initiative, what is done of it, and what is late."""

    status: Literal["unknown", "running", "ended"] = "unknown"
    started: InitiativeStarted | None = None
    done: Mapping[str, InitiativeStepCompleted] = field(default_factory=dict)
    late: tuple[str, ...] = ()
    last: InitiativeEvaluated | None = None
    conclusion: str | None = None


def evolve(initiative: Initiative, event: Any) -> Initiative:
    """Return the initiative after the event."""
    match event:
        case InitiativeStarted():
            return Initiative("running", event)
        case InitiativeStepCompleted(_, step):
            rest = tuple(name for name in initiative.late if name != step)
            return replace(initiative, done={**initiative.done, step: event}, late=rest)
        case InitiativeStepLate(_, step):
            return replace(initiative, late=(*initiative.late, step))
        case InitiativeEvaluated():
            return replace(initiative, last=event)
    return replace(initiative, status="ended", conclusion=event.conclusion)


def timers(initiative: Initiative) -> Mapping[str, datetime]:
    """Return when the next steps turn late: with the end of the day they are due, in UTC."""
    if initiative.status != "running" or initiative.started is None:
        return {}
    waiting = (s for s in initiative.started.steps if s.name not in (*initiative.done, *initiative.late))
    return {LATE + s.name: datetime.combine(s.due_on, time(), UTC) + DAY for s in waiting}


def roi(gain: Money | None, cost: Money) -> str | None:
    """Return (gain - cost) / cost with four decimals (C7); None without a gain, or when it cost nothing."""
    if gain is None or not cost.amount or gain.currency != cost.currency:
        return None
    return str((Decimal(gain.amount - cost.amount) / cost.amount).quantize(Decimal("0.0001")))


def step_lines(initiative: Initiative) -> list[dict[str, Any]]:
    """Return every planned step with what became of it and its return on investment."""
    steps = initiative.started.steps if initiative.started else ()
    return [_line(initiative, planned) for planned in steps]


def _line(initiative: Initiative, planned: Any) -> dict[str, Any]:
    done = initiative.done.get(planned.name)
    line = {"step": planned.name, "due_on": planned.due_on, "late": planned.name in initiative.late}
    if done is None:
        return {**line, "done": False}
    told = {"completed_on": done.completed_on, "cost": done.cost, "gain": done.gain}
    return {**line, "done": True, **told, "roi": roi(done.gain, done.cost)}


def summary(initiative: Initiative) -> Mapping[str, Any] | None:
    """Return the line of the initiative in lists."""
    if initiative.started is None:
        return None
    return {
        "name": initiative.started.name,
        "status": initiative.status,
        "owner": initiative.started.owner,
        "metric_id": initiative.started.metric_id,
        "objective_id": initiative.started.objective_id,
        "steps": step_lines(initiative),
        "late": "yes" if initiative.late else "no",
        "effect": initiative.last.effect if initiative.last else None,
    }
