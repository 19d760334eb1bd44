"""Tickets: new, open, held, resolved, closed, reopened, spam."""

from datetime import date
from functools import partial

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.support.domain import ticket
from services.support.domain.ticket import (
    TICKET,
    CustomerMessageReceived,
    InternalNoteAdded,
    MessageForwarded,
    PriorityChanged,
    ReplySent,
    TicketAssigned,
    TicketClosed,
    TicketEscalated,
    TicketHeld,
    TicketMarkedSpam,
    TicketOpened,
    TicketReopened,
    TicketResolved,
    TicketResumed,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN
from shared.testing.given import Given, given

# Commands of one moment; clocks have tests of their own.
(
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
) = (
    partial(command, at=WHEN)
    for command in (
        ticket.AddNote,
        ticket.AssignTicket,
        ticket.ChangePriority,
        ticket.CloseTicket,
        ticket.EscalateTicket,
        ticket.HoldTicket,
        ticket.MarkSpam,
        ticket.OpenTicket,
        ticket.ReceiveMessage,
        ticket.ReopenTicket,
        ticket.ResolveTicket,
        ticket.ResumeTicket,
        ticket.SendReply,
    )
)

OPENED = TicketOpened("T1", "T1", "Where is it?", "reactive", "normal", "Promised Tuesday", "delivery", "1")
OPEN = OpenTicket("T1", "Where is it?", "Promised Tuesday", "delivery", order_no="1")
HELD = TicketHeld("T1", "customer")
RESOLVED = TicketResolved("T1", 1, "redelivered", resolved_at=WHEN)
CLOSED, SPAM = TicketClosed("T1"), TicketMarkedSpam("T1")
WROTE = CustomerMessageReceived("T1", "Still nothing")


def test_a_ticket_opens_once():
    """The same again is no news; another under the same number is refused."""
    given(TICKET).when(OPEN).then(OPENED)
    given(TICKET, OPENED).when(OPEN).then_nothing()
    given(TICKET, OPENED).when(OpenTicket("T1", "x", order_no="2")).then_raises(Conflict, "other content")


def test_a_ticket_known_from_the_log_is_recognised():
    """Texts come back sealed, so the rest decides whether it is the same ticket."""
    sealed = TicketOpened("T1", "T1", "sealed:c-1:abc=", "reactive", "normal", None, "delivery", "1")

    given(TICKET, sealed).when(OPEN).then_nothing()


def test_a_new_ticket_is_open_once_a_person_works_on_it():
    """A handler or a human answer opens it; a team, a note or an automatic answer leaves it new."""
    works = [AssignTicket("T1", handler="agent-7"), SendReply("T1", "We look into it")]
    leaves = [AssignTicket("T1", "parcels"), AddNote("T1", "vip"), SendReply("T1", "Got it", automatic=True)]

    assert {given(TICKET, OPENED).when(c).after().status for c in works} == {"open"}
    assert {given(TICKET, OPENED).when(c).after().status for c in leaves} == {"new"}


def test_assignments_name_somebody():
    """The same assignment is no news, an empty one is refused."""
    assigned = TicketAssigned("T1", "parcels", "agent-7")

    given(TICKET, OPENED).when(AssignTicket("T1", "parcels", "agent-7")).then(assigned)
    given(TICKET, OPENED, assigned).when(AssignTicket("T1", "parcels", "agent-7")).then_nothing()
    given(TICKET, OPENED).when(AssignTicket("T1")).then_raises(Invalid, "needs a team or a handler")


@pytest.mark.parametrize("waiting_on", ["customer", "third_party", "date"])
def test_t1_a_message_ends_waiting(waiting_on):
    """T-1: what waits resumes with the customer's message."""
    held = TicketHeld("T1", waiting_on, date(2026, 5, 8))

    given(TICKET, OPENED, held).when(ReceiveMessage("T1", "Still nothing")).then(
        WROTE, TicketResumed("T1", "customer_message")
    )


def test_t1_waiting_ends_explicitly():
    """T-1: or with an explicit resume; what does not wait need not resume."""
    given(TICKET, OPENED, HELD).when(ResumeTicket("T1")).then(TicketResumed("T1", "resumed"))
    given(TICKET, OPENED).when(ResumeTicket("T1")).then_nothing()


def test_waiting_for_a_day_needs_the_day():
    """The hold says until when; the same hold is no news, another replaces it."""
    until = date(2026, 5, 8)

    given(TICKET, OPENED).when(HoldTicket("T1", "date")).then_raises(Invalid, "/until")
    given(TICKET, OPENED).when(HoldTicket("T1", "date", until)).then(TicketHeld("T1", "date", until))
    given(TICKET, OPENED, HELD).when(HoldTicket("T1", "customer")).then_nothing()
    given(TICKET, OPENED, HELD).when(HoldTicket("T1", "third_party")).then(TicketHeld("T1", "third_party"))


def test_t2_a_reply_and_a_hold_in_one_command():
    """T-2: the reply comes first, so it counts as the response."""
    reply = SendReply("T1", "Which address?", handler="agent-7", waiting_on="customer")

    given(TICKET, OPENED).when(reply).then(
        ReplySent("T1", "Which address?", public=True, automatic=False, handler="agent-7"), HELD
    )


def test_messages_before_their_ticket_are_kept():
    """Facts of one ticket may come in any order."""
    given(TICKET).when(ReceiveMessage("T1", "Still nothing")).then(WROTE)
    given(TICKET, WROTE).when(OPEN).then(OPENED)


def test_priority_and_level():
    """The same priority or level is no news; a level never goes down."""
    up = TicketEscalated("T1", 2, "angry")

    given(TICKET, OPENED).when(ChangePriority("T1", "high")).then(PriorityChanged("T1", "normal", "high"))
    given(TICKET, OPENED).when(ChangePriority("T1", "normal")).then_nothing()
    given(TICKET, OPENED).when(EscalateTicket("T1", 2, "angry")).then(up)
    given(TICKET, OPENED, up).when(EscalateTicket("T1", 2, "again")).then_nothing()
    given(TICKET, OPENED, up).when(EscalateTicket("T1", 1, "calm")).then_raises(Conflict, "level 2")


def test_t8_resolution_needs_a_code():
    """T-8: solved how? The same answer again is no news, another needs reopening."""
    given(TICKET, OPENED).when(ResolveTicket("T1", "redelivered")).then(RESOLVED)
    given(TICKET, OPENED, HELD).when(ResolveTicket("T1", "redelivered")).then(RESOLVED)
    given(TICKET, OPENED).when(ResolveTicket("T1", " ")).then_raises(Invalid, "/resolution_code")
    given(TICKET, OPENED, RESOLVED).when(ResolveTicket("T1", "redelivered")).then_nothing()
    given(TICKET, OPENED, RESOLVED).when(ResolveTicket("T1", "refunded")).then_raises(Conflict, "resolved")


def test_t8_only_what_is_resolved_closes():
    """T-8: closing needs a resolution."""
    given(TICKET, OPENED).when(CloseTicket("T1")).then_raises(Conflict, "resolve it first")
    given(TICKET, OPENED, RESOLVED).when(CloseTicket("T1")).then(CLOSED)
    given(TICKET, OPENED, RESOLVED, CLOSED).when(CloseTicket("T1")).then_nothing()


@pytest.mark.parametrize(
    "command",
    [
        ReopenTicket("T1"),
        SendReply("T1", "yes?"),
        AssignTicket("T1", "parcels"),
        HoldTicket("T1", "customer"),
        ResumeTicket("T1"),
        MarkSpam("T1"),
        ResolveTicket("T1", "refunded"),
    ],
)
def test_t8_closed_is_terminal(command):
    """T-8: after the close there is only a new ticket."""
    given(TICKET, OPENED, RESOLVED, CLOSED).when(command).then_raises(Conflict, "closed")


def test_t8_a_message_after_the_close_goes_on_to_a_new_ticket():
    """T-8: the closed ticket stays closed and says where the message went."""
    given(TICKET, OPENED, RESOLVED, CLOSED).when(ReceiveMessage("T1", "hello?")).then(
        MessageForwarded("T1", "T1.next", "hello?", "normal")
    )


def test_t6_reopening_starts_the_next_cycle():
    """T-6: by command or by the customer's message; the next resolution belongs to cycle 2."""
    message = ReceiveMessage("T1", "Still nothing")

    given(TICKET, OPENED, RESOLVED).when(ReopenTicket("T1")).then(TicketReopened("T1", 2, "not_solved"))
    given(TICKET, OPENED, RESOLVED).when(message).then(WROTE, TicketReopened("T1", 2, "customer_message"))
    given(TICKET, OPENED, RESOLVED).when(message, ResolveTicket("T1", "refunded")).then(
        TicketResolved("T1", 2, "refunded", resolved_at=WHEN)
    )
    given(TICKET, OPENED).when(ReopenTicket("T1")).then_nothing()


def test_spam_is_set_aside():
    """Spam is marked once, not answered, not reopened; its messages are kept and change nothing."""
    given(TICKET, OPENED).when(MarkSpam("T1")).then(SPAM)
    given(TICKET, OPENED, SPAM).when(MarkSpam("T1")).then_nothing()
    given(TICKET, OPENED, SPAM).when(SendReply("T1", "no")).then_raises(Conflict, "spam")
    given(TICKET, OPENED, SPAM).when(ReopenTicket("T1")).then_raises(Conflict, "spam")
    assert given(TICKET, OPENED, SPAM).when(ReceiveMessage("T1", "Buy!")).after().status == "spam"


def test_notes_are_internal():
    """A note may be added at any time, even after the close."""
    given(TICKET, OPENED, RESOLVED, CLOSED).when(AddNote("T1", "vip")).then(InternalNoteAdded("T1", "vip"))


commands = [
    OPEN,
    AssignTicket("T1", "parcels"),
    ReceiveMessage("T1", "hello"),
    SendReply("T1", "yes", waiting_on="customer"),
    HoldTicket("T1", "third_party"),
    ResumeTicket("T1"),
    ChangePriority("T1", "urgent"),
    EscalateTicket("T1", 2, "angry"),
    ResolveTicket("T1", "solved"),
    ReopenTicket("T1"),
    CloseTicket("T1"),
    MarkSpam("T1"),
    AddNote("T1", "vip"),
]


@pytest.mark.parametrize(
    "command", [c for c in commands if not isinstance(c, ticket.OpenTicket | ticket.ReceiveMessage)]
)
def test_an_unknown_ticket_is_not_found(command):
    """Work needs a ticket that was opened."""
    given(TICKET).when(command).then_raises(NotFound, "not known")


@for_all(any_.lists(any_.sampled_from(commands), max_size=15))
def test_t6_and_t8_hold_after_any_story(story):
    """Cycles count up by one, each is resolved at most once, and nothing follows the close but notes."""
    state, events = TICKET.initial, []
    for command in story:
        done = Given(TICKET).do(state, command)
        events += done.events
        state = done.after()
    cycles = [e.cycle for e in events if isinstance(e, TicketReopened)]
    resolved = [e.cycle for e in events if isinstance(e, TicketResolved)]
    late = events[events.index(CLOSED) + 1 :] if CLOSED in events else []

    assert cycles == list(range(2, len(cycles) + 2))
    assert resolved == list(range(1, len(resolved) + 1))
    assert {type(e) for e in late} <= {InternalNoteAdded, MessageForwarded}
