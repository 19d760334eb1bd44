"""What happens to an initiative."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from services.analytics.domain.figure import Figure, Measured, Scope
from shared.values import Between, Code, Id, Length, Money, Text

Name = Annotated[str, Length(1, 200)]
Days = Annotated[int, Between(1, 3_660)]
Method = Literal["before_after", "control_group"]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of an initiative: what, by when, for how much."""

    name: Code
    due_on: date
    planned_cost: Money | None = None


Steps = Annotated[tuple[PlannedStep, ...], Length(1, 100)]


@dataclass(frozen=True, slots=True)
class InitiativeStarted:
    """Something is tried to move a metric; `control_scope` names those it is not tried on."""

    initiative_id: Id
    name: Name
    hypothesis: Text
    metric_id: Code
    scope: Scope
    window_days: Days
    steps: Steps
    owner: Id
    control_scope: Scope | None = None
    objective_id: Id | None = None


@dataclass(frozen=True, slots=True)
class InitiativeStepCompleted:
    """A step is done: what it cost, and what it brought if that is known; `gain_basis` says how."""

    initiative_id: Id
    step: Code
    completed_on: date
    cost: Money
    gain: Money | None = None
    gain_basis: Text | None = None


@dataclass(frozen=True, slots=True)
class InitiativeStepLate:
    """The day a step was due by has passed without it."""

    initiative_id: Id
    step: Code
    due_on: date


@dataclass(frozen=True, slots=True)
class InitiativeEvaluated:
    """What came of it.

    `effect` is after minus before; with a control group, less what changed there in the same time
    (difference in differences). `n` is the number of facts behind the later measurement.
    """

    initiative_id: Id
    method: Method
    before: Measured
    after: Measured
    n: Annotated[int, Between(0, 2**53)]
    effect: Figure | None = None
    control_before: Measured | None = None
    control_after: Measured | None = None


@dataclass(frozen=True, slots=True)
class InitiativeEnded:
    """The initiative is over, and what was learned."""

    initiative_id: Id
    conclusion: Text


EVENTS: tuple[type, ...] = (
    InitiativeStarted,
    InitiativeStepCompleted,
    InitiativeStepLate,
    InitiativeEvaluated,
    InitiativeEnded,
)
