"""The table of what a ticket decides."""

from collections.abc import Callable
from typing import Any

from services.support.domain.ticket import talking, working
from services.support.domain.ticket.commands import (
    AddNote,
    AssignTicket,
    ChangePriority,
    CloseTicket,
    EscalateTicket,
    HoldTicket,
    MarkSpam,
    OpenTicket,
    ReceiveMessage,
    ReopenTicket,
    ResolveTicket,
    ResumeTicket,
    SendReply,
)
from services.support.domain.ticket.state import Ticket

DECIDE: dict[type, Callable[[Ticket, Any], list[Any]]] = {
    OpenTicket: talking.open_,
    ReceiveMessage: talking.receive,
    SendReply: talking.reply,
    AddNote: talking.note,
    AssignTicket: working.assign,
    ChangePriority: working.change_priority,
    EscalateTicket: working.escalate,
    HoldTicket: working.hold,
    ResumeTicket: working.resume,
    ResolveTicket: working.resolve,
    ReopenTicket: working.reopen,
    CloseTicket: working.close,
    MarkSpam: working.mark_spam,
}


def decide(ticket: Ticket, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](ticket, command)
