"""What a ticket remembers in order to decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from services.support.domain.policy import PolicyInForce
from services.support.domain.terms import Priority
from services.support.domain.ticket.clock import CLOCK, Clock, turned
from services.support.domain.ticket.clock_events import SlaPolicyApplied
from services.support.domain.ticket.events import (
    CustomerMessageReceived,
    PriorityChanged,
    ReplySent,
    SurveyDue,
    TicketAssigned,
    TicketClassified,
    TicketClosed,
    TicketEscalated,
    TicketHeld,
    TicketMarkedSpam,
    TicketOpened,
    TicketReopened,
    TicketResolved,
    TicketResumed,
)
from services.support.domain.ticket.joining_events import GuideAnswerNoted, ProblemLinked, TicketsMerged
from shared.plan import NO_FIELDS, Custom, FieldChanged, FieldExpired

Status = Literal["unknown", "new", "open", "held", "resolved", "closed", "merged", "spam"]
ACTIVE: tuple[Status, ...] = ("new", "open", "held")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; messages may come before the ticket itself.

    `asked` says that the customer wrote, `answered` that a person answered in this cycle (T-2).
    """

    status: Status = "unknown"
    opened: TicketOpened | None = None
    cycle: int = 1
    priority: Priority = "normal"
    category: str | None = None
    tier: str | None = None
    level: int = 0
    assigned: TicketAssigned | None = None
    held: TicketHeld | None = None
    resolved: TicketResolved | None = None
    asked: bool = False
    answered: bool = False
    merged_into: str | None = None
    problem_id: str | None = None
    surveyed: int = 0
    answers: tuple[GuideAnswerNoted, ...] = ()
    policy: PolicyInForce | None = None
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    custom: Custom = NO_FIELDS

    @property
    def active(self) -> bool:
        """Whether somebody has to do something, or waits."""
        return self.status in ACTIVE

    @property
    def ticket_id(self) -> str:
        """The id of a ticket that was opened."""
        return self.opened.ticket_id if self.opened else ""

    @property
    def resolved_at(self) -> datetime | None:
        """When it was solved, as far as it is."""
        return self.resolved.resolved_at if self.resolved else None


def _opened(ticket: Ticket, event: TicketOpened) -> Ticket:
    asked = ticket.asked or event.origin != "proactive"
    known = {"priority": event.priority, "category": event.category, "tier": event.tier, "asked": asked}
    return replace(ticket, status="new", opened=event, **known)  # type: ignore[arg-type]


def _working(ticket: Ticket) -> Status:
    return "open" if ticket.status == "new" else ticket.status


def _assigned(ticket: Ticket, event: TicketAssigned) -> Ticket:
    return replace(ticket, assigned=event, status=_working(ticket) if event.handler else ticket.status)


def _replied(ticket: Ticket, event: ReplySent) -> Ticket:
    """A human answer is work; an automatic one leaves a new ticket new."""
    if event.automatic:
        return ticket
    answered = ticket.answered or (event.public and ticket.asked)
    return replace(ticket, status=_working(ticket), answered=answered)


def _reopened(ticket: Ticket, event: TicketReopened) -> Ticket:
    return replace(ticket, status="open", cycle=event.cycle, resolved=None, answered=False)


def _classified(ticket: Ticket, event: TicketClassified) -> Ticket:
    return replace(ticket, category=event.category or ticket.category, tier=event.tier or ticket.tier)


EVOLVE: dict[type, Callable[[Ticket, Any], Ticket]] = {
    TicketOpened: _opened,
    TicketClassified: _classified,
    TicketAssigned: _assigned,
    CustomerMessageReceived: lambda ticket, _: replace(ticket, asked=True),
    ReplySent: _replied,
    TicketHeld: lambda ticket, e: replace(ticket, status="held", held=e),
    TicketResumed: lambda ticket, _: replace(ticket, status="open", held=None),
    PriorityChanged: lambda ticket, e: replace(ticket, priority=e.to_priority),
    TicketEscalated: lambda ticket, e: replace(ticket, level=e.level),
    TicketResolved: lambda ticket, e: replace(ticket, status="resolved", resolved=e, held=None),
    TicketReopened: _reopened,
    TicketClosed: lambda ticket, _: replace(ticket, status="closed"),
    TicketMarkedSpam: lambda ticket, _: replace(ticket, status="spam", held=None),
    TicketsMerged: lambda t, e: replace(t, status="merged", held=None, merged_into=e.survivor_id),
    ProblemLinked: lambda ticket, e: replace(ticket, problem_id=e.problem_id),
    GuideAnswerNoted: lambda ticket, e: replace(ticket, answers=(*ticket.answers, e)),
    SurveyDue: lambda ticket, e: replace(ticket, surveyed=e.cycle),
    FieldChanged: lambda ticket, e: replace(ticket, custom=ticket.custom.after(e)),
    FieldExpired: lambda ticket, e: replace(ticket, custom=ticket.custom.after(e)),
    SlaPolicyApplied: lambda ticket, e: replace(ticket, policy=e.policy),
    **dict.fromkeys(CLOCK, lambda ticket, e: replace(ticket, clocks=turned(ticket.clocks, e))),
}


def evolve(ticket: Ticket, event: Any) -> Ticket:
    """Return the ticket after the event; what it only notes leaves it as it is."""
    known = EVOLVE.get(type(event))
    return known(ticket, event) if known else ticket
