"""What a ticket waits for by itself: clocks, the day it is held until, the ends of window and fields."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from services.support.domain.ticket.events import TicketClosed, TicketResumed
from services.support.domain.ticket.state import Ticket
from shared.days import begin_of
from shared.decide.decider import Elapsed
from shared.plan import keeping

HELD, CLOSES, CLOCK = "held_until", "closes", "sla_"
FIELDS = keeping("ticket", lambda ticket: ticket.ticket_id)


def timers(ticket: Ticket) -> dict[str, datetime]:
    """Return what is due when."""
    found = {f"{CLOCK}{c.kind}": c.awaited for c in ticket.clocks.values()}
    found |= {HELD: _held_until(ticket), CLOSES: closes_at(ticket)}
    return {name: at for name, at in found.items() if at} | ticket.custom.timers


def _held_until(ticket: Ticket) -> datetime | None:
    """The beginning of the day, in the zone of the hours that were promised."""
    if not ticket.held or ticket.held.waiting_on != "date" or ticket.held.until is None:
        return None
    return begin_of(ticket.held.until, ticket.policy.hours.zone if ticket.policy else "UTC")


def closes_at(ticket: Ticket) -> datetime | None:
    """Return when a resolved ticket closes by itself: at the end of the reopen window (T-8)."""
    if ticket.status != "resolved" or not ticket.policy or not ticket.policy.terms.reopen_window_s:
        return None
    solved = ticket.resolved_at
    return solved + timedelta(seconds=ticket.policy.terms.reopen_window_s) if solved else None


AFTER: dict[str, Callable[[Ticket], Any]] = {
    HELD: lambda ticket: TicketResumed(ticket.ticket_id, "day_reached"),
    CLOSES: lambda ticket: TicketClosed(ticket.ticket_id),
}


def elapsed(ticket: Ticket, command: Elapsed) -> list[Any]:
    """A timer that is not awaited any more brings nothing; breaches are stamped by the clocks (T-4)."""
    if timers(ticket).get(command.timer) != command.at:
        return []
    if command.timer not in AFTER:
        return FIELDS[Elapsed](ticket, command)
    return [AFTER[command.timer](ticket)]
