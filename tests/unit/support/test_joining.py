"""Tickets and other tickets: merged, split, continued; and what happens by itself."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from services.support.domain import ticket
from services.support.domain.ticket import (
    TICKET,
    CustomerMessageReceived,
    MessageForwarded,
    ProblemLinked,
    TicketAbsorbed,
    TicketClassified,
    TicketHeld,
    TicketOpened,
    TicketResumed,
    TicketsMerged,
    TicketSplit,
)
from services.support.domain.ticket.waiting import timers
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN
from shared.testing.given import given

MERGE, ABSORB, SPLIT, CONTINUE, PROBLEM, CLASSIFY, RECEIVE, REPLY = (
    partial(command, at=WHEN)
    for command in (
        ticket.MergeTickets,
        ticket.AbsorbTicket,
        ticket.SplitTicket,
        ticket.ContinueTicket,
        ticket.LinkProblem,
        ticket.ClassifyTicket,
        ticket.ReceiveMessage,
        ticket.SendReply,
    )
)
OPENED = TicketOpened("T1", "T1", "Where is it?", "reactive", "high", None, "delivery")
MERGED = TicketsMerged("T2", "T1")


def test_t7_a_ticket_is_merged_once_and_not_into_itself():
    """T-7: into another one; it is not worked on any more."""
    given(TICKET, OPENED).when(MERGE("T1", "T2")).then(MERGED)
    given(TICKET, OPENED, MERGED).when(MERGE("T1", "T2")).then_nothing()
    given(TICKET, OPENED, MERGED).when(MERGE("T1", "T3")).then_raises(Conflict, "merged")
    given(TICKET, OPENED).when(MERGE("T1", "T1")).then_raises(Invalid, "itself")
    given(TICKET, OPENED, MERGED).when(REPLY("T1", "yes?")).then_raises(Conflict, "merged")


def test_t7_only_a_ticket_that_is_worked_on_survives():
    """T-7: the survivor has to be open and says what it absorbed."""
    given(TICKET, OPENED).when(ABSORB("T1", "T0")).then(TicketAbsorbed("T1", "T0"))
    given(TICKET).when(ABSORB("T1", "T0")).then_raises(NotFound)
    given(TICKET, OPENED, MERGED).when(ABSORB("T1", "T0")).then_raises(Conflict)


def test_t7_messages_follow_the_merge():
    """T-7: to the survivor."""
    given(TICKET, OPENED, MERGED).when(RECEIVE("T1", "hello?")).then(
        MessageForwarded("T1", "T2", "hello?", "high")
    )


def test_t8_a_message_opens_the_next_ticket_or_reaches_it():
    """T-8: the first opens it, linked to the former; the second is a message in it."""
    first = CONTINUE("T1.next", "T1", "Follow-up of T1", "hello?", "high")
    opened = TicketOpened(
        "T1.next", "T1.next", "Follow-up of T1", "reactive", "high", "hello?", linked_to="T1"
    )

    given(TICKET).when(first).then(opened)
    given(TICKET, opened).when(first).then(CustomerMessageReceived("T1.next", "hello?"))
    given(TICKET, opened).when(CONTINUE("T1.next", "T1", "x")).then_raises(Conflict, "another number")


def test_a_matter_is_split_off():
    """Into a ticket with a number of its own."""
    given(TICKET, OPENED).when(SPLIT("T1", "T5", "And the lid?")).then(
        TicketSplit("T1", "T5", "And the lid?")
    )
    given(TICKET, OPENED).when(SPLIT("T1", "T1", "x")).then_raises(Invalid, "itself")


def test_a_known_problem_is_linked():
    """The same again is no news."""
    linked = ProblemLinked("T1", "P7")

    given(TICKET, OPENED).when(PROBLEM("T1", "P7")).then(linked)
    given(TICKET, OPENED, linked).when(PROBLEM("T1", "P7")).then_nothing()


def test_a_ticket_is_classified():
    """What is not named stays."""
    state = given(TICKET, OPENED).when(CLASSIFY("T1", tier="gold")).then(TicketClassified("T1", tier="gold"))

    assert (state.category, state.tier) == ("delivery", "gold")
    given(TICKET, OPENED).when(CLASSIFY("T1", "delivery")).then_nothing()


@pytest.mark.parametrize("waiting_on", ["date", "customer"])
def test_t1_the_day_a_ticket_is_held_until_resumes_it(waiting_on):
    """T-1: at its beginning; only waiting for a day ends by itself."""
    held, day = TicketHeld("T1", waiting_on, date(2026, 5, 8)), datetime(2026, 5, 8, tzinfo=UTC)
    expected = [TicketResumed("T1", "day_reached")] if waiting_on == "date" else []

    assert bool(timers(given(TICKET, OPENED, held).state())) == bool(expected)
    given(TICKET, OPENED, held).when(Elapsed("held_until", day)).then(*expected)
    given(TICKET, OPENED).when(Elapsed("held_until", day)).then_nothing()
