"""What may be asked of a ticket, and when (`at`)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from services.support.domain.policy import PolicyInForce
from services.support.domain.terms import Level, Priority, SurveyKind, WaitingOn
from services.support.domain.ticket.events import Origin
from services.support.domain.vocabularies import Choices
from shared.values import FILLED, Code, Id, Length, Personal

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
    tier: Code | None = None
    channel: Code | None = None
    customer: Id | None = None
    at: datetime = field(kw_only=True)
    codes: Choices = field(default_factory=dict, kw_only=True, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class AssignTicket:
    """Give the ticket to a team, a person, or both."""

    ticket_id: Id
    team: Id | None = None
    handler: Id | None = None
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ReceiveMessage:
    """Take what the customer wrote; it ends waiting, and reopens what was resolved."""

    ticket_id: Id
    message: Message
    at: datetime = field(kw_only=True)


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
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AddNote:
    """Note something the customer does not see."""

    ticket_id: Id
    note: Message
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class HoldTicket:
    """Wait for the customer, for a third party, or until a day."""

    ticket_id: Id
    waiting_on: WaitingOn
    until: date | None = None
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ResumeTicket:
    """Wait no more."""

    ticket_id: Id
    cause: Code = "resumed"
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ChangePriority:
    """Make the ticket more or less urgent."""

    ticket_id: Id
    priority: Priority
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class EscalateTicket:
    """Take the ticket to a higher level."""

    ticket_id: Id
    level: Level
    reason: Code
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ResolveTicket:
    """Say how the ticket was solved (T-8)."""

    ticket_id: Id
    resolution_code: Code
    root_cause: Code | None = None
    automatic: bool = False
    at: datetime = field(kw_only=True)
    codes: Choices = field(default_factory=dict, kw_only=True, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ReopenTicket:
    """Take a resolved ticket up again (T-6)."""

    ticket_id: Id
    cause: Code = "not_solved"
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """End a resolved ticket for good (T-8)."""

    ticket_id: Id
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class MarkSpam:
    """Say that it was no question at all."""

    ticket_id: Id
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ClassifyTicket:
    """Say what it is about, or what kind of customer asks; another policy may then be in force."""

    ticket_id: Id
    category: Code | None = None
    tier: Code | None = None
    at: datetime = field(kw_only=True)
    codes: Choices = field(default_factory=dict, kw_only=True, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ApplyPolicy:
    """Put the ticket under the policy in force (T-5)."""

    ticket_id: Id
    policy: PolicyInForce
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AskSurvey:
    """Ask the customer how it went, once per cycle (T-9)."""

    ticket_id: Id
    kind: SurveyKind = "csat"
    at: datetime = field(kw_only=True)
