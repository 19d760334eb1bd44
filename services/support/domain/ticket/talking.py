"""What a ticket decides about words: opening, messages, replies, notes."""

from typing import Any

from services.support.domain.ticket.commands import AddNote, OpenTicket, ReceiveMessage, SendReply
from services.support.domain.ticket.courtesy import is_thanks
from services.support.domain.ticket.events import (
    WROTE,
    CustomerMessageReceived,
    InternalNoteAdded,
    ReplySent,
    TicketOpened,
    TicketReopened,
    TicketResumed,
)
from services.support.domain.ticket.joining_events import MessageForwarded
from services.support.domain.ticket.state import Ticket
from services.support.domain.ticket.working import hold_until, known
from services.support.domain.vocabularies import CATEGORIES, chosen
from shared.errors import Conflict

Events = list[Any]


def open_(ticket: Ticket, command: OpenTicket) -> Events:
    """Open the ticket once; opening it with other content is refused."""
    opened = TicketOpened(
        command.ticket_id,
        command.ticket_id,
        command.subject,
        command.origin,
        command.priority,
        command.message,
        command.category,
        command.order_no,
        command.tier,
        command.channel,
    )
    if ticket.opened is None:
        chosen(command.codes, CATEGORIES, command.category, "/category")
        return [opened]
    if _told(ticket.opened) != _told(opened):
        raise Conflict(f"ticket {command.ticket_id} was opened before with other content")
    return []


def _told(opened: TicketOpened) -> tuple[str | None, ...]:
    """What can be compared: texts come back sealed from the log."""
    return opened.origin, opened.priority, opened.category, opened.order_no


def receive(ticket: Ticket, command: ReceiveMessage) -> Events:
    """A message ends waiting (T-1), reopens what was resolved (T-6), and goes on to another after the end."""
    if ticket.status in ("closed", "merged"):
        return [_forwarded(ticket, command)]
    received = CustomerMessageReceived(command.ticket_id, command.message)
    if ticket.status == "held":
        return [received, TicketResumed(command.ticket_id, WROTE)]
    if ticket.status == "resolved" and not is_thanks(ticket, command):
        return [received, TicketReopened(command.ticket_id, ticket.cycle + 1, WROTE)]
    return [received]


def _forwarded(ticket: Ticket, command: ReceiveMessage) -> MessageForwarded:
    """To the ticket this one was merged into (T-7), or to a new one that follows it (T-8)."""
    to = ticket.merged_into or f"{command.ticket_id}.next"
    return MessageForwarded(command.ticket_id, to, command.message, ticket.priority)


def reply(ticket: Ticket, command: SendReply) -> Events:
    """An answer, and with it waiting if so asked: that is still a response (T-2)."""
    known(ticket, command.ticket_id)
    if ticket.status in ("closed", "merged", "spam"):
        raise Conflict(f"ticket {command.ticket_id} is {ticket.status}: nobody is answered")
    sent = ReplySent(command.ticket_id, command.message, command.public, command.automatic, command.handler)
    if command.waiting_on is None:
        return [sent]
    return [sent, *hold_until(ticket, command.ticket_id, command.waiting_on, command.until)]


def note(ticket: Ticket, command: AddNote) -> Events:
    """A note may be added at any time."""
    known(ticket, command.ticket_id)
    return [InternalNoteAdded(command.ticket_id, command.note)]
