"""What may be asked of a ticket about other tickets and problems."""

from dataclasses import dataclass, field
from datetime import datetime

from services.support.domain.terms import Priority
from services.support.domain.ticket.commands import Letter, Subject
from shared.values import Code, Id, Text


@dataclass(frozen=True, slots=True)
class MergeTickets:
    """End this ticket because another about the same goes on (T-7)."""

    ticket_id: Id
    survivor_id: Id
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AbsorbTicket:
    """Go on for another ticket about the same (T-7)."""

    ticket_id: Id
    absorbed_id: Id
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class SplitTicket:
    """Let one matter of the ticket go on in a new one."""

    ticket_id: Id
    new_id: Id
    subject: Subject
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ContinueTicket:
    """Take what belongs to another ticket; a ticket that is not open yet opens with it (T-8)."""

    ticket_id: Id
    linked_to: Id
    subject: Subject
    message: Letter | None = None
    priority: Priority = "normal"
    customer: Id | None = None
    tier: Code | None = None
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class HearResolution:
    """Take the news that the problem behind the ticket is solved."""

    ticket_id: Id
    problem_id: Id
    resolution: Text
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class HearReturn:
    """Take the news that the problem behind the ticket is not solved after all."""

    ticket_id: Id
    problem_id: Id
    reason: Text
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class NoteGuideAnswer:
    """Keep what the customer answered in a guide about the ticket."""

    ticket_id: Id
    guidance_id: Id
    guide_id: Id
    question: Code
    answer: Code
    outcome: Text | None = None
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """Say which known problem the ticket is an effect of."""

    ticket_id: Id
    problem_id: Id
    at: datetime = field(kw_only=True)
