"""What happens to an objective."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from services.analytics.domain.figure import Figure, Measured
from shared.values import Between, Code, Id, Length, Text

Name = Annotated[str, Length(1, 200)]
Days = Annotated[int, Between(1, 3_660)]
Direction = Literal["at_most", "at_least"]
Outcome = Literal["met", "missed", "abandoned"]
Judgement = Literal["met", "short", "unavailable"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where the metric has to get: `at_most` or `at_least` the value; `tolerance` beside it is met too.

    `change_percent` is how the target was set, when it was set as a change of the baseline.
    """

    direction: Direction
    value: Figure
    tolerance: Figure = "0"
    change_percent: Figure | None = None


@dataclass(frozen=True, slots=True)
class ObjectiveSet:
    """The objective holds, judged by the metric version its baseline was measured with (A-6, A-7)."""

    objective_id: Id
    name: Name
    baseline: Measured
    window_days: Days
    target: Target
    deadline: date
    owner: Id
    vision: Text | None = None
    group: Code | None = None


@dataclass(frozen=True, slots=True)
class ObjectiveRevised:
    """The target or the deadline is another one; baseline and metric version stay."""

    objective_id: Id
    target: Target
    deadline: date
    reason: Text


@dataclass(frozen=True, slots=True)
class ObjectiveEvaluated:
    """What the metric was at a moment, and whether that meets the target."""

    objective_id: Id
    measured: Measured
    status: Judgement


@dataclass(frozen=True, slots=True)
class ObjectiveClosed:
    """The objective is over."""

    objective_id: Id
    outcome: Outcome
    reason: Text | None = None


EVENTS: tuple[type, ...] = (ObjectiveSet, ObjectiveRevised, ObjectiveEvaluated, ObjectiveClosed)
