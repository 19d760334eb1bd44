"""The rating: limits that are in force from the first day, published in versions, and what follows."""

from dataclasses import replace
from typing import Any

import pytest

from services.analytics.domain.rating import FIRST, RATING, Limits, PublishRating, Rating
from services.analytics.domain.scale import (
    FORMULA,
    SCALE,
    TIER_SHARES,
    Calibrate,
    ValueScaleCalibrated,
    Worth,
)
from services.analytics.segments.rating import Yardstick, stages
from services.analytics.segments.risk import churn
from shared.errors import Invalid
from shared.testing.given import given

TODAY = 739_000
OTHERS = replace(FIRST.limits, lapsed_after_days=180)


def publish(**changed: Any) -> PublishRating:
    """Return the command that publishes the first limits with some changed."""
    return PublishRating("standing", replace(FIRST.limits, **changed))


def test_the_first_limits_are_in_force_before_any_are_published() -> None:
    """Publishing them brings nothing; others are the second version, and the first may come back."""
    given(RATING).when(publish()).then_nothing()
    second = Rating("standing", 2, OTHERS)
    given(RATING).when(publish(lapsed_after_days=180)).then(second)
    given(RATING, second).when(publish(lapsed_after_days=180)).then_nothing()
    given(RATING, second).when(publish()).then(Rating("standing", 3, FIRST.limits))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"tier_shares": (50, 50, 95)}, "tier_shares"),
        ({"raised_at": "0", "eased_under": "0"}, "raised_at"),
        ({"eased_under": "0.8"}, "eased_under"),
    ],
)
def test_limits_that_make_no_sense_are_refused_by_name(changed: dict[str, Any], words: str) -> None:
    """Shares that do not rise, a risk for everybody, a risk that is eased where it is raised."""
    given(RATING).when(publish(**changed)).then_raises(Invalid, words)


def test_there_is_one_rating() -> None:
    """Any other id is refused."""
    given(RATING).when(PublishRating("mine", OTHERS)).then_raises(Invalid, "standing")


def test_tiers_at_other_shares_make_a_new_scale_although_nothing_moved() -> None:
    """The scale tells the shares it was cut at."""
    fifths, worth = (1, 2, 3, 4), (Worth("GBP", (10, 20, 30), (1, 2, 3, 4)),)
    scale = ValueScaleCalibrated("value", 1, 10, fifths, fifths, worth, formula=FORMULA)
    given(SCALE, scale).when(Calibrate("value", 10, fifths, fifths, worth)).then_nothing()
    recut = Calibrate("value", 10, fifths, fifths, worth, (50, 80, 90))
    given(SCALE, scale).when(recut).then(replace(scale, version=2, tier_shares=(50, 80, 90)))
    assert (scale.tier_shares, Yardstick(scale).recut) == (TIER_SHARES, False)
    assert Yardstick(scale, Rating("standing", 2, replace(OTHERS, tier_shares=(50, 80, 90)))).recut


def test_a_new_formula_makes_a_new_scale_although_nothing_moved() -> None:
    """A scale that does not tell its formula was cut by the first."""
    fifths, worth = (1, 2, 3, 4), (Worth("GBP", (10, 20, 30), (1, 2, 3, 4)),)
    old = ValueScaleCalibrated("value", 1, 10, fifths, fifths, worth)
    assert Yardstick(old).recut
    anew = replace(old, version=2, formula=FORMULA)
    given(SCALE, old).when(Calibrate("value", 10, fifths, fifths, worth)).then(anew)
    assert not Yardstick(anew).recut


def test_stage_and_risk_go_by_the_limits_in_force_and_name_them() -> None:
    """Lapsed after half a year, at risk after one gap of silence, with two days of order."""
    limits = Limits(TIER_SHARES, 180, 2, 2, "0.5", "0.5")
    by = Yardstick(None, Rating("standing", 7, limits))
    orders = {TODAY - 40: 1, TODAY - 20: 1}
    assert stages(None, orders, by.rating).value(TODAY - 20 + 180) == "lapsed"
    risk, _ = churn(orders, TODAY, by)
    assert (risk.score, risk.raised, risk.model_version) == ("0.50", True, "gap-7")
    assert by.models["stage"] == "stage-7"


def test_a_fitted_model_judges_the_risk_and_tells_the_day_it_comes() -> None:
    """The probability of having left; it is raised on the day that was told, and not on the one before."""
    parameters = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    by = Yardstick(None, FIRST, {"model": "churn", "version": 3, "parameters": parameters})
    orders = {TODAY - 40: 1, TODAY - 20: 1, TODAY: 1}
    risk, turn = churn(orders, TODAY, by)
    assert (risk.score, risk.raised, risk.model_version) == ("0.19", False, "churn/3 rating/1")
    assert turn is not None
    before, still = churn(orders, turn - 1, by)
    assert (before.raised, still) == (False, turn)
    raised, never = churn(orders, turn, by)
    assert (raised.raised, raised.score, never) == (True, "0.75", None)
    assert raised.reasons[1:] == ("usually one every 20 days", "has left with a probability of 0.75")


def test_a_risk_that_no_silence_brings_is_not_waited_for() -> None:
    """Certainty never comes by a model, and hardly ever of customers who hardly ever leave."""
    orders = {TODAY - 40: 1, TODAY - 20: 1, TODAY: 1}
    for a, raised_at in ((0.5, "1"), (1e-30, "0.75")):
        fitted = {"model": "churn", "version": 1, "parameters": {"r": 0.3, "alpha": 4.0, "a": a, "b": 2.0}}
        rating = Rating("standing", 2, replace(FIRST.limits, raised_at=raised_at))
        assert churn(orders, TODAY, Yardstick(None, rating, fitted))[1] is None
