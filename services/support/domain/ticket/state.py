"""What a ticket remembers in order to decide."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.support.domain.ticket.events import (
    CustomerMessageReceived,
    InternalNoteAdded,
    Priority,
    PriorityChanged,
    ReplySent,
    TicketAssigned,
    TicketClosed,
    TicketEscalated,
    TicketHeld,
    TicketMarkedSpam,
    TicketOpened,
    TicketReopened,
    TicketResolved,
    TicketResumed,
)

Status = Literal["unknown", "new", "open", "held", "resolved", "closed", "spam"]
ACTIVE: tuple[Status, ...] = ("new", "open", "held")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; messages may come before the ticket itself."""

    status: Status = "unknown"
    opened: TicketOpened | None = None
    cycle: int = 1
    priority: Priority = "normal"
    level: int = 0
    assigned: TicketAssigned | None = None
    held: TicketHeld | None = None
    resolved: TicketResolved | None = None

    @property
    def active(self) -> bool:
        """Whether somebody has to do something, or waits."""
        return self.status in ACTIVE


def _opened(ticket: Ticket, event: TicketOpened) -> Ticket:
    return replace(ticket, status="new", opened=event, priority=event.priority)


def _working(ticket: Ticket) -> Status:
    return "open" if ticket.status == "new" else ticket.status


def _assigned(ticket: Ticket, event: TicketAssigned) -> Ticket:
    return replace(ticket, assigned=event, status=_working(ticket) if event.handler else ticket.status)


def _replied(ticket: Ticket, event: ReplySent) -> Ticket:
    """A human answer is work; an automatic one leaves a new ticket new."""
    return ticket if event.automatic else replace(ticket, status=_working(ticket))


def _same(ticket: Ticket, _: Any) -> Ticket:
    return ticket


EVOLVE: dict[type, Callable[[Ticket, Any], Ticket]] = {
    TicketOpened: _opened,
    TicketAssigned: _assigned,
    CustomerMessageReceived: _same,
    ReplySent: _replied,
    InternalNoteAdded: _same,
    TicketHeld: lambda ticket, e: replace(ticket, status="held", held=e),
    TicketResumed: lambda ticket, _: replace(ticket, status="open", held=None),
    PriorityChanged: lambda ticket, e: replace(ticket, priority=e.to_priority),
    TicketEscalated: lambda ticket, e: replace(ticket, level=e.level),
    TicketResolved: lambda ticket, e: replace(ticket, status="resolved", resolved=e, held=None),
    TicketReopened: lambda ticket, e: replace(ticket, status="open", cycle=e.cycle, resolved=None),
    TicketClosed: lambda ticket, _: replace(ticket, status="closed"),
    TicketMarkedSpam: lambda ticket, _: replace(ticket, status="spam", held=None),
}


def evolve(ticket: Ticket, event: Any) -> Ticket:
    """Return the ticket after the event."""
    return EVOLVE[type(event)](ticket, event)
