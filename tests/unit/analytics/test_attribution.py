"""Attribution: the worked checks of every model, and credits that sum to the last penny."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics.attribution import MODELS, Terms, Touch, credits_of, path, weights

SOLD = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def touches(*days_before, direct=()):
    """Return touches so many days before the conversion."""
    return [
        Touch(SOLD - timedelta(days=days), f"campaign-{days}", f"e-{days}", direct=days in direct)
        for days in days_before
    ]


def shares(model, *days_before, direct=(), lead=None):
    """Return the shares of a model in percent, oldest touch first."""
    lead_at = None if lead is None else SOLD - timedelta(days=lead)
    found = weights(model, path(touches(*days_before, direct=direct), SOLD, lead_at))
    return [round(float(share) * 100, 2) for share in found]


def test_c7_time_decay_with_a_half_life_of_seven_days():
    """Touches 14, 7 and 0 days before the sale earn 14.29, 28.57 and 57.14 percent."""
    assert shares("time_decay", 14, 7, 0) == [14.29, 28.57, 57.14]


def test_c7_linear_over_three_touches_loses_no_penny():
    """1,000.00 over three touches is 333.34 and twice 333.33."""
    assert credits_of("linear", path(touches(9, 5, 1), SOLD), 100_000) == [33_334, 33_333, 33_333]


@pytest.mark.parametrize(
    ("days", "expected"),
    [((3,), [100]), ((9, 1), [50, 50]), ((9, 5, 1), [40, 20, 40]), ((9, 7, 5, 1), [40, 10, 10, 40])],
)
def test_c7_position_gives_the_ends_forty_each(days, expected):
    """One touch has all, two share, of more the ends have 40 each."""
    assert shares("position", *days) == expected


def test_c7_w_gives_thirty_to_first_lead_and_last():
    """The touch that made the lead stands in the middle; the others share ten percent."""
    assert shares("w", 9, 7, 5, 3, 1, lead=5) == [30, 5, 30, 5, 30]


def test_w_without_a_lead_gives_the_ends_forty_five_each():
    """What a lead would have had goes to the ends."""
    assert shares("w", 9, 5, 1) == [45, 10, 45]


def test_first_last_and_last_non_direct_name_one_touch():
    """Who came alone is passed over, unless everybody came alone."""
    assert shares("first", 9, 5, 1) == [100, 0, 0]
    assert shares("last", 9, 5, 1) == [0, 0, 100]
    assert shares("last_non_direct", 9, 5, 1, direct=(1,)) == [0, 100, 0]
    assert shares("last_non_direct", 9, 5, direct=(9, 5)) == [0, 100]


def test_touches_outside_the_window_earn_nothing():
    """Neither what was long before the conversion nor what came after it."""
    found = path([*touches(91, 90, 1), Touch(SOLD + timedelta(hours=1), "late", "x")], SOLD)
    assert [t.by for t in found.touches] == ["campaign-90", "campaign-1"]
    assert path(touches(8), SOLD, terms=Terms(window_days=7)).touches == []


def test_a_conversion_without_touches_is_nobodys():
    """There are no credits, not a division by zero."""
    assert credits_of("linear", path([], SOLD), 500) == []


@given(
    st.sampled_from(sorted(MODELS)),
    st.lists(st.integers(0, 80), min_size=1, max_size=12),
    st.integers(-(10**9), 10**9),
    st.one_of(st.none(), st.integers(0, 90)),
)
def test_credits_sum_to_the_value_exactly(model, days, value, lead):
    """Whatever the model, the touches and the value: shares sum to 1, credits to the value."""
    lead_at = None if lead is None else SOLD - timedelta(days=lead)
    way = path(touches(*days), SOLD, lead_at)
    assert sum(weights(model, way)) == Fraction(1)
    assert sum(credits_of(model, way, value)) == value
