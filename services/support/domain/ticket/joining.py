"""What a ticket decides about other tickets: merging, splitting, going on for a closed one."""

from typing import Any

from services.support.domain.ticket.commands import ReceiveMessage
from services.support.domain.ticket.events import InternalNoteAdded, ReplySent, TicketOpened
from services.support.domain.ticket.joining_commands import (
    AbsorbTicket,
    ContinueTicket,
    HearResolution,
    HearReturn,
    LinkProblem,
    MergeTickets,
    NoteGuideAnswer,
    SplitTicket,
)
from services.support.domain.ticket.joining_events import (
    GuideAnswerNoted,
    ProblemLinked,
    TicketAbsorbed,
    TicketsMerged,
    TicketSplit,
)
from services.support.domain.ticket.state import Ticket
from services.support.domain.ticket.talking import receive
from services.support.domain.ticket.working import active, known
from shared.errors import Conflict, FieldError, Invalid

Events = list[Any]
OVER = ("closed", "merged", "spam")


def merge(ticket: Ticket, command: MergeTickets) -> Events:
    """T-7: the absorbed ticket is over; it can be merged once, and not into itself."""
    if ticket.merged_into == command.survivor_id:
        return []
    if command.survivor_id == command.ticket_id:
        raise Invalid(FieldError("/survivor_id", "is the ticket itself"))
    active(ticket, command.ticket_id)
    return [TicketsMerged(command.survivor_id, command.ticket_id)]


def absorb(ticket: Ticket, command: AbsorbTicket) -> Events:
    """Only a ticket that is worked on goes on for another."""
    active(ticket, command.ticket_id)
    return [TicketAbsorbed(command.ticket_id, command.absorbed_id)]


def split(ticket: Ticket, command: SplitTicket) -> Events:
    """The new ticket opens by reaction, linked to this one."""
    active(ticket, command.ticket_id)
    if command.new_id == command.ticket_id:
        raise Invalid(FieldError("/new_id", "is the ticket itself"))
    return [TicketSplit(command.ticket_id, command.new_id, command.subject)]


def continue_(ticket: Ticket, command: ContinueTicket) -> Events:
    """A message for a ticket that is over opens the next one, or reaches the one that went on (T-7, T-8)."""
    key = command.ticket_id
    if ticket.opened is None:
        told = {"message": command.message, "linked_to": command.linked_to, "tier": command.tier}
        return [TicketOpened(key, key, command.subject, "reactive", command.priority, **told)]
    if command.message is None:
        raise Conflict(f"ticket {key} is known: a new one needs another number")
    return receive(ticket, ReceiveMessage(key, command.message, at=command.at))


def link_problem(ticket: Ticket, command: LinkProblem) -> Events:
    """The same problem again is no news."""
    known(ticket, command.ticket_id)
    same = ticket.problem_id == command.problem_id
    return [] if same else [ProblemLinked(command.ticket_id, command.problem_id)]


def hear_resolution(ticket: Ticket, command: HearResolution) -> Events:
    """Once each time it is solved."""
    return _heard(ticket, command, "is solved", command.resolution)


def hear_return(ticket: Ticket, command: HearReturn) -> Events:
    """Whoever heard of the end hears that it was none, in the same way."""
    return _heard(ticket, command, "is open again", command.reason)


def _heard(ticket: Ticket, news: HearResolution | HearReturn, happened: str, words: str) -> Events:
    """The customer is told if the policy says so and somebody still listens; else it is noted."""
    if ticket.opened is None or ticket.problem_id != news.problem_id:
        return []
    told = f"Problem {news.problem_id} {happened}: {words}"
    if ticket.status in OVER or not ticket.policy or ticket.policy.terms.on_problem_resolved == "note":
        return [InternalNoteAdded(news.ticket_id, told)]
    return [ReplySent(news.ticket_id, words or told, public=True, automatic=True)]


def note_guide_answer(ticket: Ticket, command: NoteGuideAnswer) -> Events:
    """Answers of one way through a guide come once each."""
    known(ticket, command.ticket_id)
    said = (command.guidance_id, command.guide_id, command.question, command.answer, command.outcome)
    noted = GuideAnswerNoted(command.ticket_id, *said)
    return [] if noted in ticket.answers else [noted]
