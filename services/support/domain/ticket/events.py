"""What can be said of a ticket. Texts of people are sealed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.support.domain.terms import Codes, Level, Priority, SurveyKind, SurveyTrigger, WaitingOn
from services.support.domain.ticket.clock_events import CLOCK_EVENTS, Cycle
from services.support.domain.ticket.joining_events import JOINING_EVENTS
from shared.values import Code, Id, Secret

Origin = Literal["reactive", "proactive", "self_service"]
WROTE = "customer_message"  # the cause of what a message of the customer brings about


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """Somebody asked for help, or we saw that help was needed."""

    ticket_id: Id
    ticket_no: Id
    subject: Secret
    origin: Origin
    priority: Priority
    message: Secret | None = None
    category: Code | None = None
    order_no: Id | None = None
    tier: Code | None = None
    channel: Code | None = None
    linked_to: Id | None = None


@dataclass(frozen=True, slots=True)
class TicketClassified:
    """What it is about, and what kind of customer asks."""

    ticket_id: Id
    category: Code | None = None
    tier: Code | None = None


@dataclass(frozen=True, slots=True)
class TicketAssigned:
    """A team or a person looks after it."""

    ticket_id: Id
    team: Id | None = None
    handler: Id | None = None


@dataclass(frozen=True, slots=True)
class CustomerMessageReceived:
    """The customer wrote."""

    ticket_id: Id
    message: Secret


@dataclass(frozen=True, slots=True)
class ReplySent:
    """We wrote; the first public and not automatic one is the first response (T-2)."""

    ticket_id: Id
    message: Secret
    public: bool
    automatic: bool
    handler: Id | None = None


@dataclass(frozen=True, slots=True)
class InternalNoteAdded:
    """A note the customer does not see."""

    ticket_id: Id
    note: Secret


@dataclass(frozen=True, slots=True)
class TicketHeld:
    """It waits."""

    ticket_id: Id
    waiting_on: WaitingOn
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TicketResumed:
    """It waits no more."""

    ticket_id: Id
    cause: Code


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """It became more or less urgent."""

    ticket_id: Id
    from_priority: Priority
    to_priority: Priority


@dataclass(frozen=True, slots=True)
class TicketEscalated:
    """It went up to a higher level."""

    ticket_id: Id
    level: Level
    reason: Code


@dataclass(frozen=True, slots=True)
class TicketResolved:
    """It is solved, in this cycle and in this way (T-8)."""

    ticket_id: Id
    cycle: Cycle
    resolution_code: Code
    root_cause: Code | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketReopened:
    """It was not solved after all: cycle n + 1 starts (T-6)."""

    ticket_id: Id
    cycle: Cycle
    cause: Code


@dataclass(frozen=True, slots=True)
class TicketClosed:
    """It is over (T-8)."""

    ticket_id: Id


@dataclass(frozen=True, slots=True)
class TicketMarkedSpam:
    """It was no question at all."""

    ticket_id: Id


@dataclass(frozen=True, slots=True)
class SurveyDue:
    """The customer is to be asked about this cycle, until then, if in one of these segments (T-9)."""

    ticket_id: Id
    cycle: Cycle
    kind: SurveyKind
    answer_by: datetime
    segments: Codes = ()
    trigger: SurveyTrigger | None = None


EVENTS: tuple[type, ...] = (
    TicketOpened,
    TicketAssigned,
    CustomerMessageReceived,
    ReplySent,
    InternalNoteAdded,
    TicketHeld,
    TicketResumed,
    PriorityChanged,
    TicketEscalated,
    TicketResolved,
    TicketReopened,
    TicketClosed,
    TicketMarkedSpam,
    TicketClassified,
    SurveyDue,
    *JOINING_EVENTS,
    *CLOCK_EVENTS,
)
