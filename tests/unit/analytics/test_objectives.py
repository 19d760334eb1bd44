"""Objectives: set against a measured baseline, judged day by day, closed at the deadline."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.analytics.domain.figure import Measured
from services.analytics.domain.objective import (
    OBJECTIVE,
    AbandonObjective,
    EvaluateObjective,
    ObjectiveClosed,
    ObjectiveEvaluated,
    ObjectiveRevised,
    ObjectiveSet,
    ReviseObjective,
    SetObjective,
    Target,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.given import given

JANUARY, JUNE = datetime(2026, 1, 31, tzinfo=UTC), date(2026, 6, 30)


def measured(value: str | None, at: datetime = JANUARY, **more: object) -> Measured:
    """Churn of the 30 days before a moment."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    return replace(Measured("churn", 1, "company", since, at, at, at, value, "share", 1_000), **more)


BASELINE = measured("0.10")
SET = SetObjective(
    "churn",
    "Keep them",
    "churn",
    JUNE,
    "eva",
    change_percent="-20",
    vision="Nobody leaves",
    baseline=BASELINE,
)
TARGET = Target("at_most", "0.08", "0", "-20")
WAS_SET = ObjectiveSet("churn", "Keep them", BASELINE, 30, TARGET, JUNE, "eva", "Nobody leaves")


def on(value: str | None, *day: int) -> EvaluateObjective:
    """Evaluate at the start of a day of 2026."""
    return EvaluateObjective("churn", measured=measured(value, datetime(2026, *day, tzinfo=UTC)))


def test_a_change_in_percent_is_a_change_of_the_baseline():
    """Churn of 10 % down by 20 % is 8 %: the vision and its owner stay with it."""
    state = given(OBJECTIVE).when(SET).then(WAS_SET)

    assert (state.status, state.set.vision, state.set.owner) == ("active", "Nobody leaves", "eva")


def test_a_7_an_objective_needs_a_measured_baseline():
    """Neither a missing measurement nor one that was not available will do."""
    nothing = replace(SET, baseline=measured(None, reason="no customers at the start"))

    given(OBJECTIVE).when(replace(SET, baseline=None)).then_raises(Invalid, "/metric_id: gives no baseline")
    given(OBJECTIVE).when(nothing).then_raises(Invalid, "no customers at the start")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "0.05"}, "/target"),
        ({"change_percent": None}, "/target"),
        ({"change_percent": "0"}, "is what the baseline is already"),
        ({"tolerance": "-1"}, "/tolerance"),
        ({"deadline": date(2026, 1, 30)}, "/deadline"),
    ],
)
def test_a_target_is_one_thing_elsewhere_and_later(change: dict[str, object], words: str):
    """Each mistake is named by its field."""
    given(OBJECTIVE).when(replace(SET, **change)).then_raises(Invalid, words)


def test_the_direction_follows_from_baseline_and_target():
    """A value above the baseline has to be reached from below, a negative one grows towards zero."""
    more = replace(SET, change_percent=None, target="0.12")
    nps = replace(SET, change_percent="50", baseline=measured("-10"))

    state = given(OBJECTIVE).when(more).after()
    assert (state.target.direction, state.target.value) == ("at_least", "0.12")
    state = given(OBJECTIVE).when(nps).after()
    assert (state.target.direction, state.target.value) == ("at_least", "-5")


def test_row_100_an_objective_turns_to_met_on_the_day_it_is_reached():
    """Ten percent down to eight: short until the day, met from it on, and said once each."""
    state = (
        given(OBJECTIVE, WAS_SET)
        .when(on("0.09", 3, 1), on("0.09", 3, 2), on("0.08", 3, 3))
        .then(ObjectiveEvaluated("churn", on("0.08", 3, 3).measured, "met"))
    )

    assert state.met_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert given(OBJECTIVE, WAS_SET).when(on("0.08", 3, 3), on("0.08", 3, 4)).after().met_at == state.met_at


def test_the_tolerance_counts_as_met():
    """Within the range is within the range."""
    wide = ObjectiveSet("churn", "Keep", BASELINE, 30, replace(TARGET, tolerance="0.005"), JUNE, "eva")

    assert given(OBJECTIVE, wide).when(on("0.085", 3, 1)).after().last.status == "met"
    assert given(OBJECTIVE, wide).when(on("0.0851", 3, 1)).after().last.status == "short"


def test_what_was_not_available_is_neither_met_nor_short():
    """Zero denominators stay "not available"."""
    assert given(OBJECTIVE, WAS_SET).when(on(None, 3, 1)).after().last.status == "unavailable"


def test_a_look_back_is_recorded_and_changes_nothing_of_how_it_stands():
    """The evaluation of an earlier moment is not the latest."""
    past = [ObjectiveEvaluated("churn", on("0.08", 3, 3).measured, "met")]

    state = given(OBJECTIVE, WAS_SET, *past).when(on("0.10", 2, 20)).after()
    assert (state.last.status, state.met_at) == ("met", datetime(2026, 3, 3, tzinfo=UTC))


@pytest.mark.parametrize(("value", "outcome"), [("0.079", "met"), ("0.081", "missed"), (None, "missed")])
def test_the_end_of_the_deadline_closes_it(value: str | None, outcome: str):
    """The last day counts whole: the evaluation at its end decides."""
    end = on(value, 7, 1)

    state = given(OBJECTIVE, WAS_SET).when(end).after()
    assert state.status == outcome
    given(OBJECTIVE, WAS_SET).when(on("0.081", 6, 30)).then(
        ObjectiveEvaluated("churn", on("0.081", 6, 30).measured, "short")
    )


def test_a_6_a_revision_keeps_baseline_and_metric_version():
    """Another target is set against what was measured at the start."""
    revise = ReviseObjective("churn", "too easy", change_percent="-30")

    state = (
        given(OBJECTIVE, WAS_SET)
        .when(revise)
        .then(ObjectiveRevised("churn", Target("at_most", "0.07", "0", "-30"), JUNE, "too easy"))
    )
    assert state.set.baseline == BASELINE
    given(OBJECTIVE, WAS_SET).when(ReviseObjective("churn", "as it is", deadline=JUNE)).then_nothing()


def test_an_objective_is_set_once_and_over_once():
    """What is over takes nothing more; what was never set is not known."""
    abandoned = ObjectiveClosed("churn", "abandoned", "sold")

    given(OBJECTIVE, WAS_SET).when(SET).then_raises(Conflict, "revise")
    given(OBJECTIVE, WAS_SET).when(AbandonObjective("churn", "sold")).then(abandoned)
    given(OBJECTIVE, WAS_SET, abandoned).when(AbandonObjective("churn", "sold")).then_nothing()
    given(OBJECTIVE, WAS_SET, abandoned).when(on("0.08", 3, 3)).then_raises(Conflict, "abandoned")
    given(OBJECTIVE).when(on("0.08", 3, 3)).then_raises(NotFound, "not known")
