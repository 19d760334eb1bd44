"""Opportunities: open in a stage, won, lost, reopened, reported."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.sales.domain.opportunity import (
    OPPORTUNITY,
    ChangeAmount,
    ChangeOwner,
    LoseOpportunity,
    MoveStage,
    OpenOpportunity,
    OpportunityAmountChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
    ReopenOpportunity,
    ReportOpportunity,
    WinOpportunity,
)
from shared.decide import At
from shared.errors import Conflict, Invalid, NotFound, Rejected
from shared.testing.controls import WHEN
from shared.testing.given import Given, given
from shared.values import Money

OPENED = OpportunityOpened("7", "default", "Prospecting", 10, "Moses", Money(5000, "USD"), opened_at=WHEN)
WON = OpportunityWon("7", Money(5000, "USD"), "Moses", "signed on paper", WHEN)
LOST = OpportunityLost("7", "price", "Moses", WHEN)


def usd(amount):
    """Return an amount in cents."""
    return Money(amount, "USD")


def day(number):
    """Return midnight of a day in March 2017."""
    return datetime(2017, 3, number, tzinfo=UTC)


def told(stage, **fields):
    """Return a report of deal 7."""
    return ReportOpportunity("7", fields.pop("owner", "Moses"), stage, WHEN, **fields)


def test_s7_a_deal_opens_with_the_probability_of_its_stage():
    """S-7: the event carries the probability in force, the stage's default or the one given."""
    amount, opened_at = usd(5000), WHEN

    given(OPPORTUNITY).when(OpenOpportunity("7", "Moses", amount=amount, opened_at=opened_at)).then(OPENED)
    given(OPPORTUNITY).when(OpenOpportunity("7", "Moses", "Engaging")).then(
        OpportunityOpened("7", "default", "Engaging", 40, "Moses")
    )
    given(OPPORTUNITY).when(OpenOpportunity("7", "Moses", probability=25)).then(
        OpportunityOpened("7", "default", "Prospecting", 25, "Moses", probability_source="given")
    )


def test_a_deal_is_worth_something_and_was_opened_in_the_past():
    """Each wrong field is named; why the worth changed is kept."""
    owed = OpenOpportunity("7", "Moses", amount=usd(-1), opened_at=day(9), at=day(2))
    refused = given(OPPORTUNITY).when(owed)
    refused.then_raises(Invalid, "/opened_at: lies in the future; /amount/amount: can not be negative")
    won = WinOpportunity("7", "a handshake", usd(-1))
    given(OPPORTUNITY, OPENED).when(won).then_raises(Invalid, "/amount/amount: can not be negative")
    changed = OpportunityAmountChanged("7", usd(7000), usd(5000), "more seats")
    given(OPPORTUNITY, OPENED).when(ChangeAmount("7", usd(7000), "more seats")).then(changed)


def test_a_deal_opens_once():
    """The same again is no news, another under the same number is refused."""
    given(OPPORTUNITY, OPENED).when(OpenOpportunity("7", "Moses", amount=usd(5000))).then_nothing()
    given(OPPORTUNITY, OPENED).when(OpenOpportunity("7", "Darcel")).then_raises(Conflict, "other content")


def test_s7_a_move_carries_both_probabilities():
    """S-7: from and to are those in force, whatever the defaults become later."""
    moved = OpportunityStageChanged("7", "Prospecting", "Engaging", 10, 40)

    given(OPPORTUNITY, OPENED).when(MoveStage("7", "Engaging")).then(moved)
    given(OPPORTUNITY, OPENED, moved).when(MoveStage("7", "Engaging")).then_nothing()
    given(OPPORTUNITY, OPENED, moved).when(MoveStage("7", "Engaging", 55)).then(
        OpportunityStageChanged("7", "Engaging", "Engaging", 40, 55)
    )
    given(OPPORTUNITY, OPENED, moved).when(MoveStage("7", "legal review")).then(
        OpportunityStageChanged("7", "Engaging", "legal review", 40, 40)
    )


def test_amount_and_owner_change():
    """What changed is told with what it was; what did not change is not told."""
    given(OPPORTUNITY, OPENED).when(ChangeAmount("7", usd(7000))).then(
        OpportunityAmountChanged("7", usd(7000), usd(5000))
    )
    given(OPPORTUNITY, OPENED).when(ChangeAmount("7", usd(5000))).then_nothing()
    given(OPPORTUNITY, OPENED).when(ChangeAmount("7", Money(1, "EUR"))).then_raises(Conflict, "is in USD")
    given(OPPORTUNITY, OPENED).when(ChangeOwner("7", "Darcel")).then(
        OpportunityOwnerChanged("7", "Moses", "Darcel")
    )
    given(OPPORTUNITY, OPENED).when(ChangeOwner("7", "Moses")).then_nothing()


def test_s6_won_requires_a_recorded_reason():
    """S-6: without an accepted quote somebody has to say why the deal is won."""
    given(OPPORTUNITY, OPENED).when(WinOpportunity("7", "signed on paper")).then(WON)
    given(OPPORTUNITY, OPENED).when(WinOpportunity("7", " ")).then_raises(Invalid, "/override_reason")


def test_s6_won_requires_an_amount():
    """S-6: the amount is the one given, else the one known; without any it is refused."""
    nothing_said = OpportunityOpened("7", "default", "Engaging", 40, "Moses")

    given(OPPORTUNITY, OPENED).when(WinOpportunity("7", "yes", usd(4800))).then(
        OpportunityWon("7", usd(4800), "Moses", "yes", WHEN)
    )
    given(OPPORTUNITY, nothing_said).when(WinOpportunity("7", "yes")).then_raises(Invalid, "/amount")


def test_s6_lost_requires_a_reason():
    """S-6: a deal is lost for a reason."""
    given(OPPORTUNITY, OPENED).when(LoseOpportunity("7", "price")).then(LOST)
    given(OPPORTUNITY, OPENED).when(LoseOpportunity("7", " ")).then_raises(Invalid, "/reason_code")


@pytest.mark.parametrize(
    ("closed", "again", "was"),
    [(WON, WinOpportunity("7", "twice"), "won"), (LOST, LoseOpportunity("7", "price"), "lost")],
)
def test_s6_there_is_no_second_close(closed, again, was):
    """S-6: closing as it is closed is no news; anything else needs reopening, which clears the close."""
    given(OPPORTUNITY, OPENED, closed).when(again).then_nothing()
    given(OPPORTUNITY, OPENED, closed).when(MoveStage("7", "Engaging")).then_raises(Conflict, "reopen")
    state = (
        given(OPPORTUNITY, OPENED, closed)
        .when(ReopenOpportunity("7", "mistake"))
        .then(OpportunityReopened("7", "mistake", was, "Moses", WON.amount if was == "won" else None))
    )
    assert (state.status, state.stage, state.probability) == ("open", "Prospecting", 10)


@pytest.mark.parametrize(
    "command",
    [
        MoveStage("7", "Engaging"),
        ChangeAmount("7", usd(1)),
        ChangeOwner("7", "Darcel"),
        WinOpportunity("7", "yes", usd(1)),
        LoseOpportunity("7", "price"),
        ReopenOpportunity("7", "mistake"),
    ],
)
def test_an_unknown_deal_is_not_found(command):
    """Only opening and reporting begin a deal."""
    given(OPPORTUNITY).when(command).then_raises(NotFound, "not known")


@pytest.mark.parametrize("stage", ["Won", "Lost"])
def test_a_deal_does_not_move_into_a_close(stage):
    """Won and lost are no open stages."""
    given(OPPORTUNITY, OPENED).when(MoveStage("7", stage)).then_raises(Invalid, "/stage")


def test_s6_a_won_deal_is_reported_with_its_own_moments():
    """S-6: a deal first heard of when won was opened when engaged and won when closed."""
    report = told("Won", amount=usd(1054), engaged_on=date(2017, 3, 1), closed_on=date(2017, 3, 9))

    given(OPPORTUNITY).when(report).then(
        At(OpportunityOpened("7", "default", "Engaging", 40, "Moses", opened_at=day(1)), day(1)),
        At(OpportunityWon("7", usd(1054), "Moses", "reported", day(1), closed_at=day(9)), day(9)),
    )


def test_s6_a_lost_deal_is_reported_with_a_reason():
    """S-6: where no reason is told, exactly that is the reason."""
    report = told("Lost", amount=usd(0), engaged_on=date(2017, 3, 1), closed_on=date(2017, 3, 9))

    given(OPPORTUNITY).when(report).then(
        OpportunityOpened("7", "default", "Engaging", 40, "Moses", opened_at=day(1)),
        At(OpportunityLost("7", "not_told", "Moses", day(1), closed_at=day(9)), day(9)),
    )


def test_a_deal_without_dates_opens_when_it_is_reported():
    """The moment of the report is all that is known."""
    opened = OpportunityOpened("7", "default", "Prospecting", 10, "Moses", opened_at=WHEN)

    given(OPPORTUNITY).when(told("Prospecting")).then(At(opened, WHEN))


def test_s7_a_report_tells_only_what_changed():
    """S-7: from the present state to the reported one, each step with its probabilities; then nothing."""
    report = told("Engaging", owner="Darcel", amount=usd(6000))
    steps = (
        OpportunityOwnerChanged("7", "Moses", "Darcel"),
        OpportunityStageChanged("7", "Prospecting", "Engaging", 10, 40),
        OpportunityAmountChanged("7", usd(6000), usd(5000)),
    )

    given(OPPORTUNITY, OPENED).when(report).then(*steps)
    given(OPPORTUNITY, OPENED, *steps).when(report).then_nothing()


def test_a_report_reopens_what_was_closed_otherwise():
    """A won deal reported as lost is reopened first, as the close has to be cleared."""
    report = told("Lost", lost_reason="price")

    given(OPPORTUNITY, OPENED, WON).when(report).then(
        OpportunityReopened("7", "reported", "won", "Moses", usd(5000)), replace(LOST, closed_at=WHEN)
    )
    given(OPPORTUNITY, OPENED, LOST).when(told("Lost")).then_nothing()


@pytest.mark.parametrize(
    ("past", "report", "words"),
    [
        ([], told("Won"), "/amount"),
        ([], told("Lost", engaged_on=date(2017, 3, 9), closed_on=date(2017, 3, 1)), "/closed_on"),
        ([OPENED, WON], told("Won", amount=usd(1)), "another amount"),
    ],
)
def test_a_contradicting_report_is_refused(past, report, words):
    """A report has to make sense by itself and beside what is known."""
    given(OPPORTUNITY, *past).when(report).then_raises(Rejected, words)


reports = any_.lists(
    any_.builds(
        told,
        any_.sampled_from(["Prospecting", "Engaging", "Won", "Lost", "legal"]),
        amount=any_.integers(1, 3).map(usd),
    ),
    max_size=8,
)


@for_all(reports)
def test_s7_the_stages_of_a_deal_are_one_chain(story):
    """S-7: each stage change starts where the one before it ended, so the times in stage sum to the age."""
    state, events = OPPORTUNITY.initial, []
    for report in story:
        done = Given(OPPORTUNITY).do(state, report)
        events += [at.payload for at in done.events]
        state = done.after()
    opened = [e for e in events if isinstance(e, OpportunityOpened)]
    moves = [e for e in events if isinstance(e, OpportunityStageChanged)]

    ends = [(e.stage, e.probability) for e in opened] + [(e.to_stage, e.probability_to) for e in moves]
    assert len(opened) <= 1
    assert [(e.from_stage, e.probability_from) for e in moves] == ends[:-1]


@for_all(reports)
def test_s6_a_deal_closes_once_between_two_openings(story):
    """S-6: closes and reopenings alternate."""
    state, kinds = OPPORTUNITY.initial, []
    for report in story:
        done = Given(OPPORTUNITY).do(state, report)
        kinds += [type(at.payload) for at in done.events]
        state = done.after()
    turns = ["close" if k in (OpportunityWon, OpportunityLost) else "open" for k in kinds if k in
             (OpportunityWon, OpportunityLost, OpportunityReopened)]  # fmt: skip

    assert turns == [("close", "open")[i % 2] for i in range(len(turns))]
