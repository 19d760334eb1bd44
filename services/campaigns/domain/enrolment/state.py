"""An enrolment as decisions see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.campaigns.domain.enrolment.events import (
    ContactEnrolled,
    EnrollmentCompleted,
    SignalNoted,
    StepReached,
    StepSkipped,
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where a person is: `index` is the present step of the version that was begun."""

    status: Literal["none", "active", "exited", "completed"] = "none"
    begun: ContactEnrolled | None = None
    index: int = -1
    until: datetime | None = None
    signals: frozenset[str] = frozenset()


def evolve(enrolment: Enrolment, event: Any) -> Enrolment:
    """Return the enrolment after the event."""
    match event:
        case ContactEnrolled():
            return Enrolment("active", event)
        case StepReached(step=name, until=until):
            steps = enrolment.begun.steps if enrolment.begun else ()
            index = next((i for i, step in enumerate(steps) if step.name == name), enrolment.index)
            return replace(enrolment, index=index, until=until)
        case StepSkipped():
            return replace(enrolment, until=None)
        case SignalNoted(signal=signal):
            return replace(enrolment, signals=enrolment.signals | {signal})
    ended: Literal["completed", "exited"] = (
        "completed" if isinstance(event, EnrollmentCompleted) else "exited"
    )
    return replace(enrolment, status=ended, until=None)


def timers(enrolment: Enrolment) -> Mapping[str, datetime]:
    """Return when a wait is over."""
    return {"advance": enrolment.until} if enrolment.until and enrolment.status == "active" else {}


def summary(enrolment: Enrolment) -> Mapping[str, Any] | None:
    """Return the line of the enrolment in lists."""
    if enrolment.begun is None:
        return None
    return {
        "journey_id": enrolment.begun.journey_id,
        "status": enrolment.status,
        "cycle": enrolment.begun.cycle,
    }
