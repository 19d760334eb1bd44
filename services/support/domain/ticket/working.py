"""What a ticket decides about work: who does it, how urgent it is, waiting and ending."""

from datetime import date, timedelta
from typing import Any

from services.support.domain.terms import Codes, SurveyKind, SurveyTrigger, WaitingOn
from services.support.domain.ticket.clock_events import SlaPolicyApplied
from services.support.domain.ticket.commands import (
    ApplyPolicy,
    AskSurvey,
    AssignTicket,
    ChangePriority,
    ClassifyTicket,
    CloseTicket,
    EscalateTicket,
    HoldTicket,
    MarkSpam,
    ReopenTicket,
    ResolveTicket,
    ResumeTicket,
)
from services.support.domain.ticket.events import (
    PriorityChanged,
    SurveyDue,
    TicketAssigned,
    TicketClassified,
    TicketClosed,
    TicketEscalated,
    TicketHeld,
    TicketMarkedSpam,
    TicketReopened,
    TicketResolved,
    TicketResumed,
)
from services.support.domain.ticket.state import Ticket
from services.support.domain.vocabularies import CATEGORIES, RESOLUTION_CODES, ROOT_CAUSES, chosen
from shared.errors import Conflict, FieldError, Invalid, NotFound

Events = list[Any]
ANSWER_DAYS = 14
TRIGGERS: dict[type, SurveyTrigger] = {ResolveTicket: "resolution", AskSurvey: "by_hand"}


def known(ticket: Ticket, ticket_id: str) -> None:
    """Raise NotFound for a ticket that was not opened."""
    if ticket.opened is None:
        raise NotFound(f"ticket {ticket_id} is not known")


def active(ticket: Ticket, ticket_id: str) -> None:
    """Raise Conflict for a ticket that nobody works on."""
    known(ticket, ticket_id)
    if not ticket.active:
        raise Conflict(f"ticket {ticket_id} is {ticket.status}")


def assign(ticket: Ticket, command: AssignTicket) -> Events:
    """Somebody has to be named; the same again is no news."""
    active(ticket, command.ticket_id)
    if not (command.team or command.handler):
        raise Invalid(FieldError("", "needs a team or a handler"))
    assigned = TicketAssigned(command.ticket_id, command.team, command.handler)
    return [] if assigned == ticket.assigned else [assigned]


def classify(ticket: Ticket, command: ClassifyTicket) -> Events:
    """What is not named stays; the same again is no news."""
    active(ticket, command.ticket_id)
    category, tier = command.category or ticket.category, command.tier or ticket.tier
    if (category, tier) == (ticket.category, ticket.tier):
        return []
    chosen(command.codes, CATEGORIES, command.category, "/category")
    return [TicketClassified(command.ticket_id, command.category, command.tier)]


def apply_policy(ticket: Ticket, command: ApplyPolicy) -> Events:
    """The policy it has already is no news."""
    active(ticket, command.ticket_id)
    if command.policy == ticket.policy:
        return []
    return [SlaPolicyApplied(command.ticket_id, command.policy, command.at)]


def change_priority(ticket: Ticket, command: ChangePriority) -> Events:
    """Only what is being worked on can be more or less urgent."""
    active(ticket, command.ticket_id)
    if command.priority == ticket.priority:
        return []
    return [PriorityChanged(command.ticket_id, ticket.priority, command.priority)]


def escalate(ticket: Ticket, command: EscalateTicket) -> Events:
    """A ticket goes up, never down."""
    active(ticket, command.ticket_id)
    if command.level < ticket.level:
        raise Conflict(f"ticket {command.ticket_id} is at level {ticket.level} already")
    if command.level == ticket.level:
        return []
    return [TicketEscalated(command.ticket_id, command.level, command.reason)]


def hold(ticket: Ticket, command: HoldTicket) -> Events:
    """It waits for somebody, or until a day."""
    return hold_until(ticket, command.ticket_id, command.waiting_on, command.until)


def hold_until(ticket: Ticket, ticket_id: str, waiting_on: WaitingOn, until: date | None) -> Events:
    """Return the hold; waiting for a day needs the day."""
    active(ticket, ticket_id)
    if waiting_on == "date" and until is None:
        raise Invalid(FieldError("/until", "is needed to wait for a day"))
    held = TicketHeld(ticket_id, waiting_on, until)
    return [] if held == ticket.held else [held]


def resume(ticket: Ticket, command: ResumeTicket) -> Events:
    """What does not wait need not be resumed."""
    active(ticket, command.ticket_id)
    return [TicketResumed(command.ticket_id, command.cause)] if ticket.status == "held" else []


def resolve(ticket: Ticket, command: ResolveTicket) -> Events:
    """A resolution needs a code (T-8); another code needs reopening first."""
    if ticket.resolved and ticket.resolved.resolution_code == command.resolution_code:
        return []
    active(ticket, command.ticket_id)
    if not command.resolution_code.strip():
        raise Invalid(FieldError("/resolution_code", "is needed to resolve a ticket"))
    chosen(command.codes, RESOLUTION_CODES, command.resolution_code, "/resolution_code")
    chosen(command.codes, ROOT_CAUSES, command.root_cause, "/root_cause")
    told = (command.resolution_code, command.root_cause, command.at)
    resolved = TicketResolved(command.ticket_id, ticket.cycle, *told)
    return [resolved, *_surveyed(ticket, command)]


def _surveyed(ticket: Ticket, command: ResolveTicket) -> Events:
    """The policy says whether customers are asked, also when nobody solved it (T-9)."""
    terms = ticket.policy.terms if ticket.policy else None
    if terms is None or terms.survey is None or (command.automatic and not terms.survey_automatic):
        return []
    return [_survey(ticket, command, terms.survey, terms.survey_segments)]


def _survey(
    ticket: Ticket, command: ResolveTicket | AskSurvey, kind: SurveyKind, segments: Codes = ()
) -> SurveyDue:
    days = ticket.policy.terms.survey_days if ticket.policy else ANSWER_DAYS
    until, trigger = command.at + timedelta(days=days), TRIGGERS[type(command)]
    return SurveyDue(command.ticket_id, ticket.cycle, kind, until, segments, trigger)


def ask_survey(ticket: Ticket, command: AskSurvey) -> Events:
    """T-9: once per cycle, about what is solved; never about spam or a merged ticket."""
    known(ticket, command.ticket_id)
    if ticket.surveyed == ticket.cycle:
        return []
    if ticket.status not in ("resolved", "closed"):
        raise Conflict(f"ticket {command.ticket_id} is {ticket.status}: there is nothing to ask about")
    return [_survey(ticket, command, command.kind)]


def reopen(ticket: Ticket, command: ReopenTicket) -> Events:
    """Reopening starts cycle n + 1 (T-6); what is closed stays closed (T-8)."""
    known(ticket, command.ticket_id)
    if ticket.active:
        return []
    if ticket.status != "resolved":
        raise Conflict(f"ticket {command.ticket_id} is {ticket.status}: it needs a new ticket")
    return [TicketReopened(command.ticket_id, ticket.cycle + 1, command.cause)]


def close(ticket: Ticket, command: CloseTicket) -> Events:
    """Only what is resolved can be closed (T-8)."""
    known(ticket, command.ticket_id)
    if ticket.status not in ("resolved", "closed"):
        raise Conflict(f"ticket {command.ticket_id} is {ticket.status}: resolve it first")
    return [] if ticket.status == "closed" else [TicketClosed(command.ticket_id)]


def mark_spam(ticket: Ticket, command: MarkSpam) -> Events:
    """What was answered as a question is no spam."""
    if ticket.status == "spam":
        return []
    active(ticket, command.ticket_id)
    return [TicketMarkedSpam(command.ticket_id)]
