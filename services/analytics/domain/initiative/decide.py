"""What an initiative decides."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from services.analytics.domain.figure import Measured, figure
from services.analytics.domain.initiative.commands import (
    CompleteStep,
    EndInitiative,
    EvaluateInitiative,
    StartInitiative,
)
from services.analytics.domain.initiative.events import (
    InitiativeEnded,
    InitiativeEvaluated,
    InitiativeStarted,
    InitiativeStepCompleted,
    InitiativeStepLate,
)
from services.analytics.domain.initiative.state import LATE, Initiative, timers
from shared.decide.decider import Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound


def start(initiative: Initiative, command: StartInitiative) -> list[Any]:
    """Every step has a name of its own; a control group is another scope."""
    names = [step.name for step in command.steps]
    if twice := next((n for n in names if names.count(n) > 1), None):
        raise Invalid(FieldError("/steps", f"{twice} is planned twice"))
    if command.control_scope == command.scope:
        raise Invalid(FieldError("/control_scope", "is the scope itself"))
    started = InitiativeStarted(
        command.initiative_id, command.name, command.hypothesis, command.metric_id, command.scope,
        command.window_days, command.steps, command.owner, command.control_scope, command.objective_id,
    )  # fmt: skip
    if initiative.started not in (None, started):
        raise Conflict(f"initiative {command.initiative_id} was started before with other content")
    return [] if initiative.started else [started]


def complete(initiative: Initiative, command: CompleteStep) -> list[Any]:
    """A step is done once; another report of it is refused."""
    started = _running(initiative, command.initiative_id)
    if command.step not in [step.name for step in started.steps]:
        raise Invalid(FieldError("/step", f"{command.step} is not a step of this initiative"))
    if command.cost.amount < 0:
        raise Invalid(FieldError("/cost/amount", "needs to be 0 or more"))
    if command.gain and command.gain.currency != command.cost.currency:
        raise Invalid(FieldError("/gain/currency", f"needs to be {command.cost.currency}, as the cost"))
    done = InitiativeStepCompleted(
        command.initiative_id, command.step, command.completed_on, command.cost, command.gain,
        command.gain_basis,
    )  # fmt: skip
    known = initiative.done.get(command.step)
    if known not in (None, done):
        raise Conflict(f"step {command.step} was reported before with other content")
    return [] if known else [done]


def evaluate(initiative: Initiative, command: EvaluateInitiative) -> list[Any]:
    """Tell the effect; where a measurement is not available there is none to tell."""
    _running(initiative, command.initiative_id)
    found = command.comparison
    if found is None:
        raise Invalid(FieldError("/as_of", "nothing was measured"))
    effect = _difference(found.before, found.after)
    controlled = found.control_before is not None and found.control_after is not None
    if found.control_before is not None and found.control_after is not None:
        usual = _difference(found.control_before, found.control_after)
        effect = None if effect is None or usual is None else effect - usual
    told = InitiativeEvaluated(
        command.initiative_id, "control_group" if controlled else "before_after", found.before, found.after,
        found.after.n, None if effect is None else figure(effect), found.control_before, found.control_after,
    )  # fmt: skip
    return [] if initiative.last == told else [told]


def end(initiative: Initiative, command: EndInitiative) -> list[Any]:
    """Ending twice is ending once."""
    if initiative.status == "ended":
        return []
    _running(initiative, command.initiative_id)
    return [InitiativeEnded(command.initiative_id, command.conclusion)]


def elapse(initiative: Initiative, elapsed: Elapsed) -> list[Any]:
    """A step not done by the end of its day is late, once."""
    due = timers(initiative).get(elapsed.timer)
    if initiative.started is None or due is None or elapsed.at < due:
        return []
    name = elapsed.timer.removeprefix(LATE)
    return [InitiativeStepLate(initiative.started.initiative_id, name, (due - timedelta(days=1)).date())]


def _difference(before: Measured, after: Measured) -> Decimal | None:
    if before.value is None or after.value is None:
        return None
    return Decimal(after.value) - Decimal(before.value)


def _running(initiative: Initiative, initiative_id: str) -> InitiativeStarted:
    if initiative.started is None:
        raise NotFound(f"initiative {initiative_id} is not known")
    if initiative.status != "running":
        raise Conflict(f"initiative {initiative_id} is ended")
    return initiative.started


DECIDE: dict[type, Callable[[Initiative, Any], list[Any]]] = {
    StartInitiative: start,
    CompleteStep: complete,
    EvaluateInitiative: evaluate,
    EndInitiative: end,
    Elapsed: elapse,
}


def decide(initiative: Initiative, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](initiative, command)
