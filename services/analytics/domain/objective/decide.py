"""What an objective decides."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from services.analytics.domain.figure import Figure, Measured, figure
from services.analytics.domain.objective.commands import (
    AbandonObjective,
    EvaluateObjective,
    ReviseObjective,
    SetObjective,
)
from services.analytics.domain.objective.events import (
    Direction,
    Judgement,
    ObjectiveClosed,
    ObjectiveEvaluated,
    ObjectiveRevised,
    ObjectiveSet,
    Target,
)
from services.analytics.domain.objective.state import Objective, end_of
from shared.errors import Conflict, FieldError, Invalid, NotFound

HUNDRED = Decimal(100)


def set_it(objective: Objective, command: SetObjective) -> list[Any]:
    """Without a measured baseline there is nothing to be better than (A-7)."""
    if objective.set is not None:
        raise Conflict(f"objective {command.objective_id} is set already; revise it")
    baseline = command.baseline
    if baseline is None or baseline.value is None:
        why = baseline.reason if baseline and baseline.reason else "it is not available"
        raise Invalid(FieldError("/metric_id", f"gives no baseline: {why}"))
    if end_of(command.deadline) <= baseline.as_of:
        raise Invalid(FieldError("/deadline", "is before the baseline was measured"))
    target = _target(baseline.value, command.change_percent, command.target, command.tolerance)
    return [
        ObjectiveSet(
            command.objective_id, command.name, baseline, command.window_days, target, command.deadline,
            command.owner, command.vision, command.group,
        )
    ]  # fmt: skip


def revise(objective: Objective, command: ReviseObjective) -> list[Any]:
    """Another target is set against the same baseline."""
    said, target = _active(objective, command.objective_id)
    tolerance = target.tolerance if command.tolerance is None else command.tolerance
    if command.change_percent is None and command.target is None:
        revised = Target(target.direction, target.value, tolerance, target.change_percent)
    else:
        baseline = said.baseline.value or "0"
        revised = _target(baseline, command.change_percent, command.target, tolerance)
    deadline = command.deadline or objective.deadline or said.deadline
    if (revised, deadline) == (target, objective.deadline):
        return []
    return [ObjectiveRevised(command.objective_id, revised, deadline, command.reason)]


def evaluate(objective: Objective, command: EvaluateObjective) -> list[Any]:
    """An evaluation that says nothing new is none; the first one behind the deadline ends the objective."""
    said, target = _active(objective, command.objective_id)
    measured = command.measured
    if measured is None:
        raise Invalid(FieldError("/as_of", "nothing was measured"))
    status = judged(target, measured.value)
    evaluated = ObjectiveEvaluated(command.objective_id, measured, status)
    if measured.as_of >= end_of(objective.deadline or said.deadline):
        return [evaluated, ObjectiveClosed(command.objective_id, "met" if status == "met" else "missed")]
    return [] if _known(objective, measured, status) else [evaluated]


def abandon(objective: Objective, command: AbandonObjective) -> list[Any]:
    """Giving up twice is giving up once."""
    if objective.status == "abandoned":
        return []
    _active(objective, command.objective_id)
    return [ObjectiveClosed(command.objective_id, "abandoned", command.reason)]


def judged(target: Target, value: Figure | None) -> Judgement:
    """Tell whether a value meets a target."""
    if value is None:
        return "unavailable"
    reached, wanted, room = Decimal(value), Decimal(target.value), Decimal(target.tolerance)
    met = reached <= wanted + room if target.direction == "at_most" else reached >= wanted - room
    return "met" if met else "short"


def _known(objective: Objective, measured: Measured, status: Judgement) -> bool:
    last = objective.last
    if last is None:
        return False
    return (last.status, last.measured.value) == (status, measured.value)


def _target(baseline: Figure, change: Figure | None, target: Figure | None, tolerance: Figure) -> Target:
    if (change is None) == (target is None):
        raise Invalid(FieldError("/target", "needs to be given, or else change_percent; not both"))
    if tolerance.startswith("-"):
        raise Invalid(FieldError("/tolerance", "needs to be 0 or more"))
    start = Decimal(baseline)
    value = Decimal(target) if target is not None else start + abs(start) * Decimal(change or "0") / HUNDRED
    if value == start:
        raise Invalid(FieldError("/target", f"is what the baseline is already: {baseline}"))
    direction: Direction = "at_most" if value < start else "at_least"
    return Target(direction, figure(value), tolerance, change)


def _active(objective: Objective, objective_id: str) -> tuple[ObjectiveSet, Target]:
    if objective.set is None or objective.target is None:
        raise NotFound(f"objective {objective_id} is not known")
    if objective.status != "active":
        raise Conflict(f"objective {objective_id} is over: {objective.status}")
    return objective.set, objective.target


DECIDE: dict[type, Callable[[Objective, Any], list[Any]]] = {
    SetObjective: set_it,
    ReviseObjective: revise,
    EvaluateObjective: evaluate,
    AbandonObjective: abandon,
}


def decide(objective: Objective, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](objective, command)
