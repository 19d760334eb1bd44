"""What can be said of the SLA clocks of a ticket. Times are in the events: clocks run in business time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from services.support.domain.policy import PolicyInForce
from services.support.domain.terms import ClockKind
from shared.values import Between, Code, Id, Positive, Whole

Cycle = Annotated[int, Between(1, 10_000)]


@dataclass(frozen=True, slots=True)
class SlaPolicyApplied:
    """This is what the customer was promised from now on: terms and hours as they were published then."""

    ticket_id: Id
    policy: PolicyInForce
    at: datetime


@dataclass(frozen=True, slots=True)
class SlaClockStarted:
    """A clock runs; `elapsed_s` was consumed before, in an earlier cycle."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    policy_id: Id
    policy_version: Positive
    calendar_version: Positive
    target_s: Positive
    at: datetime
    due_at: datetime
    elapsed_s: Whole = 0


@dataclass(frozen=True, slots=True)
class SlaClockPaused:
    """The clock stands still, having consumed so much (T-1)."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    elapsed_s: Whole
    reason: Code
    at: datetime


@dataclass(frozen=True, slots=True)
class SlaClockResumed:
    """The clock runs again (T-1)."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SlaPolicyChanged:
    """The clock has another target; what it consumed is carried over (T-5). A paused one has no due time."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    from_policy: Id
    to_policy: Id
    policy_version: Positive
    calendar_version: Positive
    from_target_s: Positive
    target_s: Positive
    elapsed_s_carried: Whole
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlaTargetMet:
    """What was promised was done in time."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    elapsed_s: Whole
    at: datetime


@dataclass(frozen=True, slots=True)
class SlaTargetBreached:
    """What was promised was not done when it was due; the clock may still run (T-4)."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SlaClockStopped:
    """It was done at last, after the breach."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    elapsed_s: Whole
    at: datetime


@dataclass(frozen=True, slots=True)
class SlaClockCancelled:
    """Nothing is owed any more, and the clock counts in no statistic (T-7)."""

    ticket_id: Id
    kind: ClockKind
    cycle: Cycle
    reason: Literal["merged", "spam", "resolved", "policy"]
    at: datetime


CLOCK_EVENTS: tuple[type, ...] = (
    SlaPolicyApplied,
    SlaClockStarted,
    SlaClockPaused,
    SlaClockResumed,
    SlaPolicyChanged,
    SlaTargetMet,
    SlaTargetBreached,
    SlaClockStopped,
    SlaClockCancelled,
)
