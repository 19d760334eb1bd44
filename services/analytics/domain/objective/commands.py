"""What may be asked of an objective."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.analytics.domain.figure import COMPANY, Figure, Measured, Scope
from services.analytics.domain.objective.events import Days, Name
from shared.values import FILLED, Code, Id, Text


@dataclass(frozen=True, slots=True)
class SetObjective:
    """Set an objective; its baseline is measured now, over the `window_days` before `baseline_at`.

    Give the target as a `change_percent` of the baseline (-20 for "down by 20 %"), or as a `target` value.
    """

    objective_id: Id
    name: Name
    metric_id: Code
    deadline: date
    owner: Id
    change_percent: Figure | None = None
    target: Figure | None = None
    tolerance: Figure = "0"
    scope: Scope = COMPANY
    window_days: Days = 30
    baseline_at: datetime | None = None
    vision: Text | None = None
    group: Code | None = None
    baseline: Measured | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ReviseObjective:
    """Give the objective another target or deadline, and say why."""

    objective_id: Id
    reason: Text
    change_percent: Figure | None = None
    target: Figure | None = None
    tolerance: Figure | None = None
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class EvaluateObjective:
    """Judge the objective as of a moment (now unless given), as known at a moment (now unless given)."""

    objective_id: Id
    as_of: datetime | None = None
    known_at: datetime | None = None
    measured: Measured | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class AbandonObjective:
    """Give the objective up."""

    objective_id: Id
    reason: Text
