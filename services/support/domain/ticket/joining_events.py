"""What can be said of a ticket and other tickets or problems."""

from dataclasses import dataclass

from services.support.domain.terms import Priority
from shared.values import Code, Id, Secret, Text


@dataclass(frozen=True, slots=True)
class TicketsMerged:
    """It is about the same as another ticket, which goes on instead (T-7)."""

    survivor_id: Id
    absorbed_id: Id


@dataclass(frozen=True, slots=True)
class TicketAbsorbed:
    """Another ticket about the same goes on in this one."""

    ticket_id: Id
    absorbed_id: Id


@dataclass(frozen=True, slots=True)
class TicketSplit:
    """One of its matters goes on in a ticket of its own."""

    ticket_id: Id
    new_id: Id
    subject: Secret


@dataclass(frozen=True, slots=True)
class ProblemLinked:
    """It is one effect of a known problem."""

    ticket_id: Id
    problem_id: Id


@dataclass(frozen=True, slots=True)
class MessageForwarded:
    """The customer wrote to a ticket that is over: the message goes on to another (T-7, T-8)."""

    ticket_id: Id
    to_ticket_id: Id
    message: Secret
    priority: Priority


@dataclass(frozen=True, slots=True)
class GuideAnswerNoted:
    """In a guide about the ticket the customer answered this; the last answer may lead to an outcome."""

    ticket_id: Id
    guidance_id: Id
    guide_id: Id
    question: Code
    answer: Code
    outcome: Text | None = None


JOINING_EVENTS: tuple[type, ...] = (
    TicketsMerged,
    TicketAbsorbed,
    TicketSplit,
    ProblemLinked,
    MessageForwarded,
    GuideAnswerNoted,
)
