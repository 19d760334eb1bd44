"""What a customer's buying amounts to: stage, tier, RFM scores and churn risk. Pure.

RFM scores go from 1 to 5 by the fifths of all buyers (Hughes, Strategic Database Marketing, 1994); the tier
goes by net value in the customer's leading currency. Days are ordinals, money is in minor units.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise, zip_longest
from statistics import median

from services.analytics.domain.scale import TIERS, Scale, Worth, rank
from services.analytics.domain.standing.commands import Risk
from services.analytics.domain.standing.events import Stage, Tier
from shared.segments.signals import EVER, Steps

Days = Mapping[int, int]
LAPSED_AFTER = 365
GAP_MODEL, LEAST_ORDER_DAYS = "gap-1", 3
# A customer who orders every g days is at risk when silent for 3 g, and no longer when silent for under 2 g.
LOST_GAPS, RAISED, EASED = 4, Decimal("0.75"), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Buying:
    """Orders by day, and net value by currency over all time."""

    orders: Days
    net: Mapping[str, int]

    @property
    def currency(self) -> str | None:
        """The currency with the largest net value."""
        return max(self.net, key=lambda c: (self.net[c], c)) if self.orders and self.net else None


def stages(identified: int | None, orders: Days) -> Steps:
    """Return the lifecycle stages by the day each begins; a year without an order is a lapse."""
    return Steps(list(_stages(identified, sorted(orders))))


def _stages(identified: int | None, orders: list[int]) -> Iterator[tuple[int, Stage]]:
    yield EVER, "anonymous"
    if identified is not None and (not orders or identified < orders[0]):
        yield identified, "prospect"
    for day, after in zip_longest(orders, orders[1:]):
        yield day, "customer"
        if after is None or after > day + LAPSED_AFTER:
            yield day + LAPSED_AFTER, "lapsed"


def tier_of(buying: Buying, scale: Scale | None) -> Tier | None:
    """Return the value tier; None without orders, or a scale for their currency."""
    worth = _worth(buying, scale)
    return TIERS[rank(buying.net[worth.currency], worth.tiers)] if worth else None


def scores(buying: Buying, scale: Scale | None) -> dict[str, Steps]:
    """Return the RFM scores by day, by the names of their facts; the recency falls as time goes."""
    worth = _worth(buying, scale)
    if scale is None or worth is None:
        return {}
    last = max(buying.orders)
    lately = [(last, 5), *((last + cut + 1, 4 - index) for index, cut in enumerate(scale.recency))]
    often, much = sum(buying.orders.values()), buying.net[worth.currency]
    return {
        "recency_score": Steps(lately),
        "frequency_score": Steps([(EVER, 1 + rank(often, scale.frequency))]),
        "monetary_score": Steps([(EVER, 1 + rank(much, worth.monetary))]),
    }


def _worth(buying: Buying, scale: Scale | None) -> Worth | None:
    return next((w for w in scale.worth if w.currency == buying.currency), None) if scale else None


def churn(orders: Days, today: int, at_risk: bool) -> tuple[Risk, int | None]:
    """Return the risk today, and the day on which silence alone raises it; None when that is now or never.

    The score is the days since the last order over four times the median gap between the customer's own days
    of order, at most 1; with fewer than three such days it is 0.
    """
    past = sorted(day for day in orders if day <= today)
    if len(past) < LEAST_ORDER_DAYS:
        return Risk("0", False, (), GAP_MODEL), None
    gap = median(later - day for day, later in pairwise(past))
    silent = today - past[-1]
    score = min(Decimal(silent) / (LOST_GAPS * Decimal(gap)), Decimal(1))
    raised = score >= (EASED if at_risk else RAISED)
    turn = past[-1] + -(-RAISED * LOST_GAPS * Decimal(gap) // 1)
    reasons = (f"last order {silent} days ago", f"usually one every {gap:g} days") if raised else ()
    shown = str(score.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return Risk(shown, raised, reasons, GAP_MODEL), None if raised or turn <= today else int(turn)
