"""The account of a ticket's clocks: every stretch of running and paused time, and the hours it is read by."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.support.domain.ticket.clock import CLOCK, Clock, turned
from services.support.domain.ticket.clock_events import SlaPolicyApplied, SlaTargetBreached
from shared.hours import Hours, business_seconds

Line = dict[str, Any]


class Book:
    """Folds the events of the clocks into lines."""

    def __init__(self) -> None:
        self.hours: Hours | None = None
        self.clocks: Mapping[str, Clock] = {}
        self.lines: list[Line] = []
        self._since: dict[str, tuple[datetime, Hours, Clock]] = {}

    def note(self, event: Any) -> None:
        """Take an event; one that turns no clock is none of ours."""
        if isinstance(event, SlaPolicyApplied):
            self.hours = event.policy.hours
        if type(event) not in CLOCK:
            return
        self.clocks = turned(self.clocks, event)
        if not isinstance(event, SlaTargetBreached):
            self.end(event.kind, event.at)
            self._begin(self.clocks[event.kind], event.at)

    def _begin(self, clock: Clock, at: datetime) -> None:
        if clock.live and self.hours:
            self._since[clock.kind] = (at, self.hours, clock)

    def end(self, kind: str, at: datetime) -> None:
        """Write the line of the stretch that ends now, if there is one."""
        begun = self._since.pop(kind, None)
        if begun and begun[0] < at:
            self.lines.append(_line(begun, at))

    def close(self, at: datetime) -> None:
        """Write the lines of what goes on still."""
        for kind in list(self._since):
            self.end(kind, at)


def account(payloads: Iterable[Any], until: datetime) -> Line:
    """Return how each clock stands and the lines behind it, up to a moment.

    In a line, `running_s`, `paused_s` and `closed_s` (outside business hours) add up to the time it spans.
    """
    book = Book()
    for payload in payloads:
        book.note(payload)
    book.close(until)
    hours = book.hours
    standing = [_standing(clock, hours, until) for clock in book.clocks.values() if hours]
    lines = sorted(book.lines, key=lambda line: (line["cycle"], line["kind"], line["from"]))
    return {"until": until, "clocks": standing, "lines": lines}


def _line(begun: tuple[datetime, Hours, Clock], at: datetime) -> Line:
    since, hours, clock = begun
    whole, open_s = int((at - since).total_seconds()), business_seconds(hours, since, at)
    return {
        "kind": clock.kind,
        "cycle": clock.cycle,
        "from": since,
        "to": at,
        "running_s": open_s if clock.status == "running" else 0,
        "paused_s": open_s if clock.status == "paused" else 0,
        "closed_s": whole - open_s,
        "calendar_id": hours.calendar_id,
        "calendar_version": hours.version,
    }


def _standing(clock: Clock, hours: Hours, until: datetime) -> Line:
    return {
        "kind": clock.kind,
        "cycle": clock.cycle,
        "status": clock.status,
        "breached": clock.breached,
        "target_s": clock.target_s,
        "elapsed_s": clock.consumed(hours, until),
        "due_at": clock.due_at,
    }
