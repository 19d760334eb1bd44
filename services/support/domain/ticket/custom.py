"""Custom fields of a ticket."""

from typing import Any

from services.support.domain.ticket.state import Ticket
from shared.errors import NotFound
from shared.plan import SetField, set_field


def set_custom(ticket: Ticket, command: SetField) -> list[Any]:
    """A ticket that was opened has what the company declared beside (shared/plan)."""
    if ticket.opened is None:
        raise NotFound(f"ticket {command.key} is not known")
    return set_field("ticket", ticket.custom, command)
