"""Interactions and what follows them."""

from dataclasses import replace

from services.contacts.domain import INTERACTION
from services.contacts.domain.interaction import commands as c
from services.contacts.domain.interaction import events as e
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.receive.records import QUARANTINE
from shared.testing.controls import moment
from shared.testing.given import given
from shared.vocabulary import CATEGORY, AddTerm, DefineVocabulary, Term, Vocabulary
from tests.unit.contacts.desk import Desk, delivery

CALL = e.InteractionRecorded("i-1", "call", "in")
DUE = e.FollowUpScheduled("i-1", moment(3), "call back")
CLAIM = c.ClaimFollowUp("i-1", "eve")


def test_a_correction_says_what_is_right_instead() -> None:
    """The record stays; a correction of nothing is refused."""
    correct = c.CorrectInteraction("i-1", "wrong key pressed", outcome="no answer")
    given(INTERACTION, CALL).when(correct).then(
        e.InteractionCorrected("i-1", "wrong key pressed", outcome="no answer")
    )
    given(INTERACTION, CALL).when(replace(correct, outcome=None)).then_raises(Invalid, "nothing")
    given(INTERACTION).when(correct).then_raises(NotFound)


def test_an_interaction_is_given_to_one_contact_at_a_time() -> None:
    """Each move says from whom."""
    given(INTERACTION, CALL, e.InteractionReassigned("i-1", "c-1")).when(
        c.ReassignInteraction("i-1", "c-2")
    ).then(e.InteractionReassigned("i-1", "c-2", "c-1"))


def test_of_two_who_claim_a_follow_up_the_second_is_refused() -> None:
    """The first may say it again."""
    claimed = e.FollowUpClaimed("i-1", "eve")
    given(INTERACTION, CALL, DUE).when(CLAIM).then(claimed)
    given(INTERACTION, CALL, DUE, claimed).when(CLAIM).then_nothing()
    given(INTERACTION, CALL, DUE, claimed).when(replace(CLAIM, owner="moses")).then_raises(Conflict, "eve")


def test_a_follow_up_falls_overdue_once_and_can_still_be_done() -> None:
    """A timer of a date that was moved does nothing."""
    overdue = e.FollowUpFellOverdue("i-1", moment(3))
    elapsed = Elapsed("overdue", moment(3))
    given(INTERACTION, CALL, DUE).when(elapsed).then(overdue)
    given(INTERACTION, CALL, DUE, overdue).when(elapsed).then_nothing()
    given(INTERACTION, CALL, replace(DUE, due_at=moment(4))).when(elapsed).then_nothing()
    given(INTERACTION, CALL, DUE, overdue).when(c.CompleteFollowUp("i-1", "reached")).then(
        e.FollowUpCompleted("i-1", "reached")
    )


def test_what_is_done_or_cancelled_is_neither_claimed_nor_overdue() -> None:
    """The list shows it as it stands, and no timer is left."""
    done = given(INTERACTION, CALL, DUE, e.FollowUpCompleted("i-1", "reached"))
    done.when(CLAIM).then_raises(Conflict, "done")
    done.when(c.CancelFollowUp("i-1", "moved")).then_raises(Conflict, "done")
    done.when(c.CompleteFollowUp("i-1", "reached")).then_nothing()
    assert INTERACTION.timers is not None
    assert INTERACTION.summary is not None
    assert INTERACTION.timers(done.state()) == {}
    assert (INTERACTION.summary(done.state()) or {})["status"] == "done"


def test_the_list_holds_only_what_something_follows() -> None:
    """Page views are no work."""
    assert INTERACTION.summary is not None
    assert INTERACTION.summary(given(INTERACTION, CALL).state()) is None
    assert (INTERACTION.summary(given(INTERACTION, CALL, DUE).state()) or {})["status"] == "due"


def test_row_91_a_kind_of_ones_own_is_declared_before_it_is_recorded() -> None:
    """A bid in an auction is taken once the vocabulary knows it; until then the answer names the field."""
    bid = c.RecordInteraction("i-1", "bid", place="lot 7")
    given(INTERACTION).when(replace(bid, kinds=("bid",))).then(
        e.InteractionRecorded("i-1", "bid", "in", place="lot 7")
    )
    given(INTERACTION).when(bid).then_raises(Invalid, "is none of")


def test_only_a_kind_of_ones_own_is_looked_up() -> None:
    """A page view, of which there are millions, asks nobody."""
    declared = Vocabulary(label="kinds", terms={"bid": Term("bid", 0)})
    for kind, needs, told in (("page_view", [], ()), ("bid", [("vocabulary", "interaction-kind")], ("bid",))):
        command = c.RecordInteraction("i-1", kind)
        assert INTERACTION.needs(INTERACTION.initial, command) == needs
        informed = INTERACTION.informed(command, [declared for _ in needs])
        assert informed.kinds == told


def test_row_91_a_channel_reports_declared_kinds_and_is_told_of_others() -> None:
    """What nobody declared waits in quarantine with the reason; declared, it is an interaction."""
    desk, bid = Desk(), {"kind": "bid", "place": "lot 7", "customer": {"email": "ada@example.org"}}
    desk.receive(delivery("channel.web.interaction_reported.v1", bid, "1"))
    assert desk.types("InteractionRecorded") == []
    (waiting,) = desk.store.documents[QUARANTINE].values()
    assert waiting["reasons"][0]["pointer"] == "/kind"
    declare(desk, DefineVocabulary(e.KINDS, "Kinds"), AddTerm(e.KINDS, "bid", "Bid"))
    desk.receive(delivery("channel.web.interaction_reported.v1", bid, "2"))
    (recorded,) = [found for found in desk.store.events if found.type == "InteractionRecorded"]
    assert (recorded.data["kind"], recorded.data["place"]) == ("bid", "lot 7")


def declare(desk: Desk, *commands: DefineVocabulary | AddTerm) -> None:
    """Put terms into a vocabulary."""
    for command in commands:
        desk.streams[CATEGORY].handle(command.vocabulary_id, command, desk.context())
