"""One SLA clock: how it stands after its events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.support.domain.terms import ClockKind
from services.support.domain.ticket.clock_events import (
    SlaClockCancelled,
    SlaClockPaused,
    SlaClockResumed,
    SlaClockStarted,
    SlaClockStopped,
    SlaPolicyChanged,
    SlaTargetBreached,
    SlaTargetMet,
)
from shared.hours import Hours, add_business, business_seconds


@dataclass(frozen=True, slots=True)
class Clock:
    """It has consumed `elapsed_s` up to `since`, and runs since then; without `since` it stands."""

    kind: ClockKind
    cycle: int
    target_s: int
    elapsed_s: int = 0
    since: datetime | None = None
    due_at: datetime | None = None
    status: Literal["running", "paused", "met", "stopped", "cancelled"] = "running"
    breached: bool = False

    @property
    def live(self) -> bool:
        """Whether something is still owed."""
        return self.status in ("running", "paused")

    @property
    def awaited(self) -> datetime | None:
        """When it will be breached, unless something happens before."""
        return self.due_at if self.status == "running" and not self.breached else None

    def consumed(self, hours: Hours, at: datetime) -> int:
        """Return the seconds of business time it has run by then."""
        return self.elapsed_s + (business_seconds(hours, self.since, at) if self.since else 0)


def due(hours: Hours, at: datetime, target_s: int, elapsed_s: int) -> datetime:
    """Return when a clock that has consumed so much by `at` reaches its target; `at` if it has."""
    return add_business(hours, at, max(0, target_s - elapsed_s))


Clocks = Mapping[str, Clock]


def _started(_: Clocks, e: SlaClockStarted) -> Clock:
    return Clock(e.kind, e.cycle, e.target_s, e.elapsed_s, e.at, e.due_at)


def _paused(clocks: Clocks, e: SlaClockPaused) -> Clock:
    return replace(clocks[e.kind], status="paused", elapsed_s=e.elapsed_s, since=None, due_at=None)


def _resumed(clocks: Clocks, e: SlaClockResumed) -> Clock:
    return replace(clocks[e.kind], status="running", since=e.at, due_at=e.due_at)


def _changed(clocks: Clocks, e: SlaPolicyChanged) -> Clock:
    clock = clocks[e.kind]
    since = e.at if clock.status == "running" else None
    return replace(clock, target_s=e.target_s, elapsed_s=e.elapsed_s_carried, since=since, due_at=e.due_at)


def _met(clocks: Clocks, e: SlaTargetMet) -> Clock:
    return replace(clocks[e.kind], status="met", elapsed_s=e.elapsed_s, since=None)


def _breached(clocks: Clocks, e: SlaTargetBreached) -> Clock:
    return replace(clocks[e.kind], breached=True)


def _stopped(clocks: Clocks, e: SlaClockStopped) -> Clock:
    return replace(clocks[e.kind], status="stopped", elapsed_s=e.elapsed_s, since=None)


def _cancelled(clocks: Clocks, e: SlaClockCancelled) -> Clock:
    return replace(clocks[e.kind], status="cancelled", since=None)


CLOCK: dict[type, Callable[[Clocks, Any], Clock]] = {
    SlaClockStarted: _started,
    SlaClockPaused: _paused,
    SlaClockResumed: _resumed,
    SlaPolicyChanged: _changed,
    SlaTargetMet: _met,
    SlaTargetBreached: _breached,
    SlaClockStopped: _stopped,
    SlaClockCancelled: _cancelled,
}


def turned(clocks: Clocks, event: Any) -> Clocks:
    """Return the clocks after one of their events; one that tells of an unknown clock changes nothing."""
    if event.kind not in clocks and not isinstance(event, SlaClockStarted):
        return clocks
    return {**clocks, event.kind: CLOCK[type(event)](clocks, event)}
