"""What may be asked of an initiative."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.analytics.domain.figure import COMPANY, Measured, Scope
from services.analytics.domain.initiative.events import Days, Name, Steps
from shared.values import FILLED, Code, Id, Money, Text


@dataclass(frozen=True, slots=True)
class StartInitiative:
    """Start an initiative: a hypothesis about a metric, and dated steps with what they may cost."""

    initiative_id: Id
    name: Name
    hypothesis: Text
    metric_id: Code
    steps: Steps
    owner: Id
    scope: Scope = COMPANY
    control_scope: Scope | None = None
    window_days: Days = 30
    objective_id: Id | None = None


@dataclass(frozen=True, slots=True)
class CompleteStep:
    """Report a step as done, with its cost and, when known, its gain and how that was told."""

    initiative_id: Id
    step: Code
    completed_on: date
    cost: Money
    gain: Money | None = None
    gain_basis: Text | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The measurements of an evaluation: before and after, and of the control group if there is one."""

    before: Measured
    after: Measured
    control_before: Measured | None = None
    control_after: Measured | None = None


@dataclass(frozen=True, slots=True)
class EvaluateInitiative:
    """Compare the `window_days` before the initiative with those up to a moment (now unless given)."""

    initiative_id: Id
    as_of: datetime | None = None
    known_at: datetime | None = None
    comparison: Comparison | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class EndInitiative:
    """End the initiative and say what was learned."""

    initiative_id: Id
    conclusion: Text
