"""What may be asked of a ticket."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from services.support.domain.ticket.events import Level, Origin, Priority, WaitingOn
from shared.values import Code, Id, Length, Personal

Subject = Annotated[str, Length(0, 2_000), Personal()]
Message = Annotated[str, Length(1, 20_000), Personal()]
Letter = Annotated[str, Length(0, 20_000), Personal()]


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Ask for help."""

    ticket_id: Id
    subject: Subject
    message: Letter | None = None
    category: Code | None = None
    priority: Priority = "normal"
    origin: Origin = "reactive"
    order_no: Id | None = None


@dataclass(frozen=True, slots=True)
class AssignTicket:
    """Give the ticket to a team, a person, or both."""

    ticket_id: Id
    team: Id | None = None
    handler: Id | None = None


@dataclass(frozen=True, slots=True)
class ReceiveMessage:
    """Take what the customer wrote; it ends waiting, and reopens what was resolved."""

    ticket_id: Id
    message: Message


@dataclass(frozen=True, slots=True)
class SendReply:
    """Answer the customer; with `waiting_on` the ticket waits from then on."""

    ticket_id: Id
    message: Message
    public: bool = True
    automatic: bool = False
    handler: Id | None = None
    waiting_on: WaitingOn | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AddNote:
    """Note something the customer does not see."""

    ticket_id: Id
    note: Message


@dataclass(frozen=True, slots=True)
class HoldTicket:
    """Wait for the customer, for a third party, or until a day."""

    ticket_id: Id
    waiting_on: WaitingOn
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ResumeTicket:
    """Wait no more."""

    ticket_id: Id
    cause: Code = "resumed"


@dataclass(frozen=True, slots=True)
class ChangePriority:
    """Make the ticket more or less urgent."""

    ticket_id: Id
    priority: Priority


@dataclass(frozen=True, slots=True)
class EscalateTicket:
    """Take the ticket to a higher level."""

    ticket_id: Id
    level: Level
    reason: Code


@dataclass(frozen=True, slots=True)
class ResolveTicket:
    """Say how the ticket was solved (T-8)."""

    ticket_id: Id
    resolution_code: Code
    root_cause: Code | None = None


@dataclass(frozen=True, slots=True)
class ReopenTicket:
    """Take a resolved ticket up again (T-6)."""

    ticket_id: Id
    cause: Code = "not_solved"


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """End a resolved ticket for good (T-8)."""

    ticket_id: Id


@dataclass(frozen=True, slots=True)
class MarkSpam:
    """Say that it was no question at all."""

    ticket_id: Id
