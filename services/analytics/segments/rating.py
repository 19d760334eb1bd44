"""What a customer's buying amounts to: stage, tier and RFM scores. Pure.

RFM is scored over all time by the scale of all buyers; the tier goes by net value in the customer's leading
currency. Days are ordinals, money is in minor units.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from services.analytics.domain.quantiles import rank, recency_score, score
from services.analytics.domain.rating import FIRST, Rating
from services.analytics.domain.scale import TIERS, Scale, Worth, stale
from services.analytics.domain.standing.events import Stage, Tier
from services.analytics.predictions.models import Fitted, named
from shared.segments.signals import EVER, Steps

Days = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """By what customers are rated: scale and churn model, once there are any, and the limits in force."""

    scale: Scale | None = None
    rating: Rating = FIRST
    churn: Fitted | None = None

    @property
    def recut(self) -> bool:
        """Whether the limits ask for another scale than the one in force, or the formula is new."""
        return self.scale is not None and stale(self.scale, self.rating.limits.tier_shares)

    @property
    def models(self) -> Mapping[str, str]:
        """The names and versions by which standings tell what judged them."""
        number = self.rating.version
        tier = f"value-{self.scale.version}" if self.scale else "none"
        risk = f"{named(self.churn)} rating/{number}" if self.churn else f"gap-{number}"
        return {"tier": tier, "stage": f"stage-{number}", "risk": risk}


@dataclass(frozen=True, slots=True)
class Buying:
    """Orders by day, and net value by currency over all time."""

    orders: Days
    net: Mapping[str, int]

    @property
    def currency(self) -> str | None:
        """The currency with the largest net value."""
        return max(self.net, key=lambda c: (self.net[c], c)) if self.orders and self.net else None


def stages(identified: int | None, orders: Days, rating: Rating) -> Steps:
    """Return the lifecycle stages by the day each begins; long enough without an order is a lapse."""
    return Steps(list(_stages(identified, sorted(orders), rating.limits.lapsed_after_days)))


def _stages(identified: int | None, orders: list[int], lapse: int) -> Iterator[tuple[int, Stage]]:
    yield EVER, "anonymous"
    if identified is not None and (not orders or identified < orders[0]):
        yield identified, "prospect"
    for day, after in zip_longest(orders, orders[1:]):
        yield day, "customer"
        if after is None or after > day + lapse:
            yield day + lapse, "lapsed"


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
    turns = (0, *(cut + 1 for cut in scale.recency))
    lately = [(last + days, recency_score(days, scale.recency)) for days in turns]
    often, much = sum(buying.orders.values()), buying.net[worth.currency]
    return {
        "recency_score": Steps(lately),
        "frequency_score": Steps([(EVER, score(often, scale.frequency))]),
        "monetary_score": Steps([(EVER, score(much, worth.monetary))]),
    }


def _worth(buying: Buying, scale: Scale | None) -> Worth | None:
    return next((w for w in scale.worth if w.currency == buying.currency), None) if scale else None
