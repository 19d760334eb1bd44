"""Initiatives: dated steps with costs, late ones told, an effect measured before and after."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.analytics.domain.figure import Measured
from services.analytics.domain.initiative import (
    INITIATIVE,
    Comparison,
    CompleteStep,
    EndInitiative,
    EvaluateInitiative,
    InitiativeEnded,
    InitiativeStarted,
    InitiativeStepCompleted,
    InitiativeStepLate,
    PlannedStep,
    StartInitiative,
    roi,
    step_lines,
)
from shared.decide.decider import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.given import given
from shared.values import Money

STEPS = (PlannedStep("train", date(2026, 3, 1), Money(100_00, "GBP")), PlannedStep("call", date(2026, 4, 1)))
START = StartInitiative(
    "i1", "Call first", "A call keeps them", "churn", STEPS, "eva", "segment:called", "segment:not"
)
STARTED = InitiativeStarted(
    "i1", "Call first", "A call keeps them", "churn", "segment:called", 30, STEPS, "eva", "segment:not"
)
DONE = CompleteStep(
    "i1", "train", date(2026, 2, 27), Money(90_00, "GBP"), Money(135_00, "GBP"), "fewer repeats"
)
WAS_DONE = InitiativeStepCompleted(
    "i1", "train", date(2026, 2, 27), Money(90_00, "GBP"), Money(135_00, "GBP"), "fewer repeats"
)
END_OF_DAY = datetime(2026, 3, 2, tzinfo=UTC)


def measured(value: str | None, n: int = 500) -> Measured:
    """A churn."""
    at = datetime(2026, 5, 1, tzinfo=UTC)
    return Measured("churn", 1, "segment:called", at, at, at, at, value, "share", n)


def test_an_initiative_starts_once_with_steps_of_different_names():
    """The same start again is no news, another one is refused."""
    given(INITIATIVE).when(START).then(STARTED)
    given(INITIATIVE, STARTED).when(START).then_nothing()
    given(INITIATIVE, STARTED).when(replace(START, name="Else")).then_raises(Conflict, "other content")
    given(INITIATIVE).when(replace(START, steps=STEPS[:1] * 2)).then_raises(Invalid, "train is planned twice")
    given(INITIATIVE).when(replace(START, control_scope="segment:called")).then_raises(
        Invalid, "/control_scope"
    )


def test_row_106_every_step_has_its_return_on_investment():
    """(135 - 90) / 90 = 50 %; a step without a known gain has none."""
    state = given(INITIATIVE, STARTED).when(DONE).then(WAS_DONE)

    train, call = step_lines(state)
    assert (train["roi"], train["late"], call["done"]) == ("0.5000", False, False)
    assert roi(None, Money(1, "GBP")) is None
    assert roi(Money(1, "GBP"), Money(0, "GBP")) is None


def test_row_136_a_step_not_done_by_the_end_of_its_day_is_late():
    """It is told once, and forgotten when the step is done after all."""
    late = InitiativeStepLate("i1", "train", date(2026, 3, 1))

    state = given(INITIATIVE, STARTED).when(Elapsed("late.train", END_OF_DAY)).then(late)
    assert state.late == ("train",)
    given(INITIATIVE, STARTED, WAS_DONE).when(Elapsed("late.train", END_OF_DAY)).then_nothing()
    given(INITIATIVE, STARTED, late).when(Elapsed("late.train", END_OF_DAY)).then_nothing()
    assert given(INITIATIVE, STARTED, late).when(DONE).after().late == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"step": "sing"}, "/step"),
        ({"cost": Money(-1, "GBP")}, "/cost/amount"),
        ({"gain": Money(1, "EUR")}, "/gain/currency"),
    ],
)
def test_a_report_of_a_step_has_to_make_sense(change: dict[str, object], words: str):
    """Each mistake is named by its field."""
    given(INITIATIVE, STARTED).when(replace(DONE, **change)).then_raises(Invalid, words)


def test_a_step_is_done_once():
    """The same report is no news, another one a conflict."""
    given(INITIATIVE, STARTED, WAS_DONE).when(DONE).then_nothing()
    given(INITIATIVE, STARTED, WAS_DONE).when(replace(DONE, cost=Money(1, "GBP"))).then_raises(
        Conflict, "before"
    )


def test_row_105_the_effect_is_what_changed_less_what_changed_anyway():
    """10 % to 7 % where it was tried, 10 % to 9 % where not: two points of the three are its own."""
    both = Comparison(measured("0.10"), measured("0.07", 480), measured("0.10"), measured("0.09"))
    alone = Comparison(measured("0.10"), measured("0.07", 480))
    unknown = Comparison(measured(None), measured("0.07"))

    state = given(INITIATIVE, STARTED).when(EvaluateInitiative("i1", comparison=both)).after()
    assert (state.last.method, state.last.effect, state.last.n) == ("control_group", "-0.02", 480)
    state = given(INITIATIVE, STARTED).when(EvaluateInitiative("i1", comparison=alone)).after()
    assert (state.last.method, state.last.effect) == ("before_after", "-0.03")
    state = given(INITIATIVE, STARTED).when(EvaluateInitiative("i1", comparison=unknown)).after()
    assert state.last.effect is None


def test_an_ended_initiative_takes_nothing_more():
    """Ending twice is ending once."""
    ended = InitiativeEnded("i1", "calls work")

    given(INITIATIVE, STARTED).when(EndInitiative("i1", "calls work")).then(ended)
    given(INITIATIVE, STARTED, ended).when(EndInitiative("i1", "calls work")).then_nothing()
    given(INITIATIVE, STARTED, ended).when(DONE).then_raises(Conflict, "ended")
    given(INITIATIVE).when(DONE).then_raises(NotFound, "not known")
