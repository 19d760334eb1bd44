"""RFM is one: what a metric says of a window and a standing says of all time agree on the same orders."""

import random

from services.analytics.domain.quantiles import cuts, rank, whole
from services.analytics.domain.scale import SCALE, TIER_SHARES, TIERS
from services.analytics.metrics.rfm import Rfm, scored
from services.analytics.segments.calibrating import calibration
from services.analytics.segments.rating import Buying, scores, tier_of
from shared.testing.given import given

TODAY = 740_000


def bought(one: Rfm) -> Buying:
    """Return the orders behind three numbers: all on the last day but for the first ones."""
    last = TODAY - one.recency
    return Buying({last: 1, last - 400: one.frequency - 1}, {"GBP": one.monetary})


def buyers(count: int) -> list[Rfm]:
    """Return customers with many equal values, and some who gave back more than they bought."""
    chance = random.Random(count)
    return [
        Rfm(f"c{n}", chance.randrange(90), chance.randint(1, 4), chance.randrange(-50, 500))
        for n in range(count)
    ]


def test_metrics_and_standings_give_the_same_scores() -> None:
    """Of any number of customers, although the scale keeps its points rounded down."""
    for count in (5, 6, 7, 11, 64, 301):
        people = buyers(count)
        (scale,) = given(SCALE).when(calibration([bought(p) for p in people], TODAY, TIER_SHARES)).events
        standing = {
            p.root: tuple(steps.value(TODAY) for steps in scores(bought(p), scale).values()) for p in people
        }
        assert standing == scored(people), count


def test_tiers_are_cut_by_the_points_of_rfm() -> None:
    """At the shares of the rating, of the net value."""
    people = buyers(37)
    points = cuts([p.monetary for p in people], TIER_SHARES)
    (scale,) = given(SCALE).when(calibration([bought(p) for p in people], TODAY, TIER_SHARES)).events
    assert [tier_of(bought(p), scale) for p in people] == [TIERS[rank(p.monetary, points)] for p in people]


def test_points_are_rounded_down_below_zero_too() -> None:
    """-1 lies above a point of -1.5 and above its floor of -2; it does not lie above -1."""
    points = cuts([-2, -1], (50,))
    assert (rank(-1, points), rank(-1, whole(points)), whole(points)) == (1, 1, (-2,))


def test_of_nobody_there_are_no_points() -> None:
    """And no scores."""
    assert (cuts([]), scored([])) == ((), {})
