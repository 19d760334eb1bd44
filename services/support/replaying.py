"""Tickets under another policy: the clocks as they would have run, beside how they ran. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.support.domain.policy import PolicyInForce
from services.support.domain.ticket.clock_events import (
    CLOCK_EVENTS,
    SlaClockCancelled,
    SlaClockStarted,
    SlaPolicyApplied,
    SlaTargetBreached,
    SlaTargetMet,
)
from services.support.domain.ticket.events import TicketOpened
from services.support.domain.ticket.running import breaches
from services.support.domain.ticket.sla import followed
from services.support.domain.ticket.state import Ticket, evolve
from shared.errors import FieldError, Invalid

History = Sequence[tuple[Any, datetime]]
Window = tuple[datetime, datetime]
OUTCOME: Mapping[type, str] = {
    SlaTargetMet: "met",
    SlaTargetBreached: "breached",
    SlaClockCancelled: "cancelled",
}
SHOWN = 100
MOST = 5_000  # 2 to 5 ms a ticket: an answer within half a minute


@dataclass(slots=True)
class Replayed:
    """How many tickets, how their clocks ended both ways by kind, and which tickets end otherwise."""

    tickets: int = 0
    actual: Counter[tuple[str, str]] = field(default_factory=Counter)
    proposed: Counter[tuple[str, str]] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)

    def add(self, ticket_id: str, history: History, policy: PolicyInForce, until: datetime) -> None:
        """Count a ticket."""
        actual = outcomes(event for event, _ in history)
        proposed = outcomes(replayed(history, policy, until))
        self.tickets += 1
        self.actual.update(actual)
        self.proposed.update(proposed)
        if _breached(actual) != _breached(proposed):
            self.changed.append(ticket_id)

    def told(self) -> dict[str, Any]:
        """Return the comparison: compliance is met / (met + breached), null when nothing was due."""
        kinds = sorted({kind for kind, _ in (*self.actual, *self.proposed)})
        clocks = {k: {"actual": _told(self.actual, k), "proposed": _told(self.proposed, k)} for k in kinds}
        changed = {"count": len(self.changed), "tickets": self.changed[:SHOWN]}
        return {"tickets": self.tickets, "clocks": clocks, "changed": changed}


def compared(
    histories: Iterable[tuple[str, History]],
    window: Window,
    policy: PolicyInForce,
    until: datetime,
    most: int = MOST,
) -> Replayed:
    """Return the comparison of the tickets opened in a window. Raises Invalid when they are too many."""
    sums = Replayed()
    for ticket_id, history in histories:
        if not _opened(history, window):
            continue
        if sums.tickets == most:
            told = f"more than {most:,} tickets were opened in this window; end it earlier, ask for its parts"
            raise Invalid(FieldError("/opened_to", told))
        sums.add(ticket_id, history, policy, until)
    return sums


def _opened(history: History, window: Window) -> bool:
    opened = next((at for event, at in history if isinstance(event, TicketOpened)), None)
    return opened is not None and window[0] <= opened < window[1]


def _breached(outcome: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {key: n for key, n in outcome.items() if key[1] == "breached"}


def _told(counted: Counter[tuple[str, str]], kind: str) -> dict[str, Any]:
    found = {name: counted[kind, name] for name in ("met", "breached", "cancelled", "running")}
    due = found["met"] + found["breached"]
    return {**found, "compliance": found["met"] / due if due else None}


def replayed(history: History, policy: PolicyInForce, until: datetime) -> list[Any]:
    """Return the events of a ticket's clocks under a policy, by the rules that decide tickets.

    What people and the customer did is as it was; the policy is applied when the ticket was opened, and what
    is overdue at the end counts as breached.
    """
    ticket, clocks = Ticket(), list[Any]()
    for event, at in history:
        if isinstance(event, CLOCK_EVENTS):
            continue
        for happened in _with_policy(event, policy, at):
            for each in followed(ticket, [happened], at):
                ticket = evolve(ticket, each)
                clocks += [each] if isinstance(each, CLOCK_EVENTS) else []
    return [*clocks, *breaches(ticket, until, due_now=False)]


def _with_policy(event: Any, policy: PolicyInForce, at: datetime) -> list[Any]:
    if isinstance(event, TicketOpened):
        return [event, SlaPolicyApplied(event.ticket_id, policy, at)]
    return [event]


def outcomes(events: Iterable[Any]) -> Counter[tuple[str, str]]:
    """Return how many clocks of each kind ended how; a breach stays one (T-4)."""
    ended: dict[str, list[str]] = {}
    for event in events:
        if isinstance(event, SlaClockStarted):
            ended.setdefault(event.kind, []).append("running")
        elif type(event) in OUTCOME and ended.get(event.kind, ["breached"])[-1] == "running":
            ended[event.kind][-1] = OUTCOME[type(event)]
    return Counter((kind, how) for kind, each in ended.items() for how in each)
