"""Opportunities: pipelines, forecasts, quotes and the vocabulary of reasons."""

from datetime import date
from typing import Any

import pytest

from services.sales.domain.opportunity import (
    OPPORTUNITY,
    ChangeExpectedClose,
    CompetitorNoted,
    ExpectedCloseChanged,
    ForecastCategoryChanged,
    LoseOpportunity,
    MoveStage,
    NextStepPlanned,
    NoteCompetitor,
    NotifyOwner,
    OpenOpportunity,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
    OwnerNotified,
    PlanNextStep,
    ProbabilityOverridden,
    QuoteKnown,
    ReopenOpportunity,
    ReportOpportunity,
    SetForecastCategory,
    SetProbability,
    WinOpportunity,
)
from services.sales.domain.pipeline import (
    PIPELINE,
    PipelineDefined,
    StageAdded,
    StageProbabilityRevised,
    StageRetired,
)
from services.sales.domain.pipeline.state import evolve
from shared.contracts.derive import personal_fields
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN, moment
from shared.testing.given import given
from shared.values import Money

B2B = given(
    PIPELINE,
    PipelineDefined("b2b", "Companies"),
    StageAdded("b2b", "pitch", 1, "open", 30),
    StageAdded("b2b", "tender", 2, "open", 60),
    StageAdded("b2b", "old", 3, "open", 70),
    StageAdded("b2b", "signed", 4, "won", 100),
    StageProbabilityRevised("b2b", "tender", 60, 50, moment(2)),
    StageRetired("b2b", "old"),
).state()
OPENED = OpportunityOpened("7", "b2b", "pitch", 30, "Moses")
USD = Money(5000, "USD")


def test_s8_a_stage_of_another_pipeline_is_refused():
    """S-8: only open stages of its own pipeline, and none that is retired."""
    given(OPPORTUNITY).when(OpenOpportunity("7", "Moses", "pitch", "b2b", pipeline=B2B)).then(OPENED)
    for stage, words in (("Engaging", "no stage"), ("old", "retired"), ("signed", "win or lose")):
        open_ = OpenOpportunity("7", "Moses", stage, "b2b", pipeline=B2B)
        given(OPPORTUNITY).when(open_).then_raises(Invalid, words)
        given(OPPORTUNITY, OPENED).when(MoveStage("7", stage, pipeline=B2B)).then_raises(Invalid, words)


@pytest.mark.parametrize(("at", "chance"), [(WHEN, 60), (moment(2), 50)])
def test_s7_a_move_carries_the_probability_in_force_at_its_moment(at, chance):
    """S-7: a revision that comes into force later does not count yet."""
    given(OPPORTUNITY, OPENED).when(MoveStage("7", "tender", at=at, pipeline=B2B)).then(
        OpportunityStageChanged("7", "pitch", "tender", 30, chance)
    )


def test_s8_a_report_is_held_to_the_pipeline():
    """S-8: a reported deal passes the stages of its pipeline; of a closed one it passed the first."""
    report: Any = ReportOpportunity("7", "Moses", "Engaging", WHEN, "b2b", pipeline=B2B)
    given(OPPORTUNITY).when(report).then_raises(Invalid, "no stage")
    lost = ReportOpportunity("7", "Moses", "Lost", WHEN, "b2b", pipeline=B2B)
    given(OPPORTUNITY).when(lost).then(
        OpportunityOpened("7", "b2b", "pitch", 30, "Moses", opened_at=WHEN),
        OpportunityLost("7", "not_told", "Moses", WHEN, closed_at=WHEN),
    )


def test_s6_an_accepted_quote_wins_the_deal():
    """S-6: no reason is needed then, and the quote's total is the amount."""
    quote = QuoteKnown("accepted", "7", USD)
    given(OPPORTUNITY, OPENED).when(WinOpportunity("7", quote_id="Q1", quote=quote)).then(
        OpportunityWon("7", USD, "Moses", quote_id="Q1")
    )


@pytest.mark.parametrize("quote", [QuoteKnown("sent", "7", USD), QuoteKnown("accepted", "8", USD), None])
def test_s6_no_other_quote_wins_the_deal(quote):
    """S-6: neither one that is not accepted, nor another deal's."""
    win = WinOpportunity("7", "trust me", quote_id="Q1", quote=quote)
    given(OPPORTUNITY, OPENED).when(win).then_raises(Conflict, "no accepted quote")


def test_a_reason_is_a_term_of_the_vocabulary():
    """Retired and unknown codes are refused in new facts; without a vocabulary any code goes."""
    lose = LoseOpportunity("7", "weather", codes=("price", "timing"))
    given(OPPORTUNITY, OPENED).when(lose).then_raises(Invalid, "price, timing")
    given(OPPORTUNITY, OPENED).when(LoseOpportunity("7", "price", "acme", codes=("price",))).then(
        OpportunityLost("7", "price", "Moses", competitor="acme")
    )


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (SetProbability("7", 80, "budget approved"), ProbabilityOverridden("7", 30, 80, "budget approved")),
        (SetForecastCategory("7", "commit"), ForecastCategoryChanged("7", "commit")),
        (ChangeExpectedClose("7", date(2026, 6, 1)), ExpectedCloseChanged("7", date(2026, 6, 1))),
        (NoteCompetitor("7", "acme"), CompetitorNoted("7", "acme")),
    ],
)
def test_what_a_deal_lets_expect_is_told_once(command, event):
    """The same again is no news; only an open deal lets expect anything."""
    won = OpportunityWon("7", USD, "Moses", "yes")
    given(OPPORTUNITY, OPENED).when(command).then(event)
    given(OPPORTUNITY, OPENED, event).when(command).then_nothing()
    given(OPPORTUNITY, OPENED, won).when(command).then_raises(Conflict, "reopen")
    given(OPPORTUNITY).when(command).then_raises(NotFound)


def test_a_next_step_is_sealed_and_takes_the_place_of_the_one_before():
    """Each plan is a fact; the text may name a person."""
    planned = NextStepPlanned("7", "call Ada", moment(1))
    given(OPPORTUNITY, OPENED, planned).when(PlanNextStep("7", "call Ada", moment(1))).then(planned)
    assert personal_fields(NextStepPlanned) == ("step",)


def test_an_event_is_told_to_the_owner_once():
    """Whoever has the deal at that moment is told."""
    notice = NotifyOwner("7", "value_tier", "low to top", "e-1")
    told = OwnerNotified("7", "Moses", "value_tier", "low to top", "e-1")
    given(OPPORTUNITY, OPENED).when(notice).then(told)
    given(OPPORTUNITY, OPENED, told).when(notice).then_nothing()


def test_s8_a_deal_is_not_reopened_into_a_retired_stage():
    """S-8: it goes where the deals of its stage went."""
    won = OpportunityWon("7", USD, "Moses", "yes", closed_at=WHEN)
    retired = evolve(B2B, StageRetired("b2b", "pitch", "tender"))
    given(OPPORTUNITY, OPENED, won).when(ReopenOpportunity("7", "mistake", WHEN, retired)).then(
        OpportunityReopened("7", "mistake", "won", "Moses", USD, WHEN),
        OpportunityStageChanged("7", "pitch", "tender", 30, 60),
    )


def test_s7_an_override_needs_a_reason_and_ends_with_the_stage():
    """S-7: the next stage has its own probability again; the move tells the one overridden."""
    overridden = ProbabilityOverridden("7", 30, 80, "budget approved")
    given(OPPORTUNITY, OPENED).when(SetProbability("7", 80, " ")).then_raises(Invalid, "/reason")
    given(OPPORTUNITY, OPENED, overridden).when(MoveStage("7", "tender", at=WHEN, pipeline=B2B)).then(
        OpportunityStageChanged("7", "pitch", "tender", 80, 60)
    )
