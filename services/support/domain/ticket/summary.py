"""The line of a ticket in lists."""

from typing import Any

from services.support.domain.ticket.state import Ticket

FILTERS = ("status", "team", "handler", "customer", "priority", "problem_id")


def summary(ticket: Ticket) -> dict[str, Any] | None:
    """Return who works on what, how urgent it is and what is due next; nothing before it was opened."""
    if ticket.opened is None:
        return None
    due = min((c.awaited for c in ticket.clocks.values() if c.awaited), default=None)
    return {
        "status": ticket.status,
        "priority": ticket.priority,
        "category": ticket.category,
        "level": ticket.level,
        "cycle": ticket.cycle,
        "team": ticket.assigned.team if ticket.assigned else None,
        "handler": ticket.assigned.handler if ticket.assigned else None,
        "order_no": ticket.opened.order_no,
        "problem_id": ticket.problem_id,
        "due_at": due,
        "breached": sorted(c.kind for c in ticket.clocks.values() if c.breached),
    }
