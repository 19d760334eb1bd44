"""Tickets and other tickets: merged, split, continued; and what happens by itself."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from services.support.domain import ticket
from services.support.domain.problem import PROBLEM as PROBLEM_
from services.support.domain.problem import (
    LinkTicket,
    OpenProblem,
    ProblemOpened,
    ProblemReopened,
    ProblemResolutionShared,
    ProblemResolved,
    ProblemReturnShared,
    ProblemTicketLinked,
    ReopenProblem,
    ResolveProblem,
)
from services.support.domain.ticket import (
    TICKET,
    CustomerMessageReceived,
    InternalNoteAdded,
    MessageForwarded,
    ProblemLinked,
    ReplySent,
    SlaPolicyApplied,
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
from shared.vocabulary import Term, Vocabulary
from tests.unit.support.sla import promised, terms

MERGE, ABSORB, SPLIT, CONTINUE, PROBLEM, CLASSIFY, RECEIVE, REPLY, HEAR, ANSWER = (
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
        ticket.HearResolution,
        ticket.NoteGuideAnswer,
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


def test_row_81_a_ticket_hears_of_its_problem_as_the_policy_says():
    """A note for us, or an answer to the customer while somebody listens; of another problem nothing."""
    linked, news = ProblemLinked("T1", "P7"), HEAR("T1", "P7", "A new lid is on its way")
    replying = SlaPolicyApplied("T1", promised(terms(on_problem_resolved="reply")), WHEN)
    note = InternalNoteAdded("T1", "Problem P7 is solved: A new lid is on its way")
    answer = ReplySent("T1", "A new lid is on its way", public=True, automatic=True)

    given(TICKET, OPENED, linked).when(news).then(note)
    given(TICKET, OPENED, replying, linked).when(news).then(answer)
    given(TICKET, OPENED, replying, linked, MERGED).when(news).then(note)
    given(TICKET, OPENED, ProblemLinked("T1", "P8")).when(news).then_nothing()


def test_row_81_every_linked_ticket_hears_of_the_end_once():
    """Also one that is linked after it; the same link again is no news."""
    opened, at = ProblemOpened("P7", "Lids break"), WHEN
    first, solved = ProblemTicketLinked("P7", "T1"), ProblemResolved("P7", "New lids", WHEN)
    shared = ProblemResolutionShared("P7", "T1", "New lids")
    late = ProblemResolutionShared("P7", "T2", "New lids")

    given(PROBLEM_, opened).when(LinkTicket("P7", "T1")).then(first)
    given(PROBLEM_, opened, first).when(LinkTicket("P7", "T1")).then_nothing()
    given(PROBLEM_, first, opened).when(ResolveProblem("P7", "New lids", at)).then(solved, shared)
    done = given(PROBLEM_, first, opened, solved, shared)
    done.when(ResolveProblem("P7", "Again", at)).then_nothing()
    done.when(LinkTicket("P7", "T2")).then(ProblemTicketLinked("P7", "T2"), late)
    given(PROBLEM_, first).when(ResolveProblem("P7", "New lids", at)).then_raises(NotFound, "P7")
    given(PROBLEM_, opened).when(OpenProblem("P7", "Other")).then_raises(Conflict, "other content")


def test_row_81_a_problem_that_is_back_is_told_to_whoever_heard_of_its_end():
    """It opens once, can be solved again, and a ticket that is linked meanwhile hears of no end."""
    opened, first = ProblemOpened("P7", "Lids break"), ProblemTicketLinked("P7", "T1")
    solved, back = ProblemResolved("P7", "New lids", WHEN), ProblemReopened("P7", "They break too")
    done, again = given(PROBLEM_, opened, first, solved), ReopenProblem("P7", "They break too")

    done.when(again).then(back, ProblemReturnShared("P7", "T1", "They break too"))
    reopened = given(PROBLEM_, opened, first, solved, back)
    reopened.when(again).then_nothing()
    reopened.when(LinkTicket("P7", "T2")).then(ProblemTicketLinked("P7", "T2"))
    reopened.when(ResolveProblem("P7", "Steel", WHEN)).then(
        ProblemResolved("P7", "Steel", WHEN), ProblemResolutionShared("P7", "T1", "Steel")
    )
    given(PROBLEM_).when(again).then_raises(NotFound, "P7")


def test_row_81_a_ticket_hears_that_its_problem_is_back():
    """As it heard of the end: a note, or an answer when the policy says so."""
    linked, news = ProblemLinked("T1", "P7"), ticket.HearReturn("T1", "P7", "It broke", at=WHEN)
    replying = SlaPolicyApplied("T1", promised(terms(on_problem_resolved="reply")), WHEN)

    given(TICKET, OPENED, linked).when(news).then(
        InternalNoteAdded("T1", "Problem P7 is open again: It broke")
    )
    given(TICKET, OPENED, replying, linked).when(news).then(
        ReplySent("T1", "It broke", public=True, automatic=True)
    )
    given(TICKET, OPENED, ProblemLinked("T1", "P8")).when(news).then_nothing()


def test_row_85_the_answers_of_a_guide_are_kept_on_the_ticket():
    """Once each, in order, in state and events."""
    said = ("T1", "w1", "kettle", "lamp", "no", "Plug it in")
    noted = ticket.GuideAnswerNoted(*said)

    assert given(TICKET, OPENED).when(ANSWER(*said)).then(noted).answers == (noted,)
    given(TICKET, OPENED, noted).when(ANSWER(*said)).then_nothing()
    given(TICKET).when(ANSWER(*said)).then_raises(NotFound)


def test_a_retired_term_is_for_old_facts_only():
    """Categories, codes and causes: what is not offered is refused; an undefined list takes all."""
    offered = {"categories": ("delivery",), "resolution-codes": ("refunded",), "root-causes": ("carrier",)}
    asked = {"codes": offered, "at": WHEN}
    resolve = partial(ticket.ResolveTicket, "T1")

    given(TICKET).when(ticket.OpenTicket("T1", "x", category="lids", **asked)).then_raises(
        Invalid, "/category"
    )
    given(TICKET, OPENED).when(ticket.ClassifyTicket("T1", "lids", **asked)).then_raises(Invalid, "delivery")
    given(TICKET, OPENED).when(resolve("replaced", **asked)).then_raises(Invalid, "/resolution_code")
    given(TICKET, OPENED).when(resolve("refunded", "us", **asked)).then_raises(Invalid, "/root_cause")
    assert given(TICKET, OPENED).when(resolve("refunded", "carrier", **asked)).after().status == "resolved"
    assert given(TICKET, OPENED).when(resolve("anything", at=WHEN)).after().status == "resolved"


def test_facts_tell_a_command_the_codes_of_its_vocabularies():
    """By name, None for one that is not defined."""
    retired = Vocabulary("Codes", {"old": Term("Old", retired=True), "new": Term("New")})
    command = TICKET.informed(ticket.ResolveTicket("T1", "x", at=WHEN), [retired, Vocabulary()])

    assert command.codes == {"resolution-codes": ("new",), "root-causes": None}
