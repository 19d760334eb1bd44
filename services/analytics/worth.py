"""What a customer is worth, beside the view: RFM scores and what the models expect."""

from datetime import UTC, datetime
from typing import Any

from services.analytics.customers import Customers
from services.analytics.predictions.scores import Asked
from services.analytics.predictions.scoring import READS as SCORED_FROM
from services.analytics.predictions.scoring import Scoring
from services.analytics.segments.criteria import InForce
from services.analytics.segments.knowing import known_of
from services.analytics.segments.rating import scores
from services.analytics.views.traits import TRAITS
from shared.project.entry import Until
from shared.segments.evaluate import day_of

Body = dict[str, Any]
READS = (TRAITS.name, *SCORED_FROM)


class Worth:
    """Reads the traits and purchases of one customer."""

    def __init__(self, customers: Customers, inforce: InForce, scoring: Scoring) -> None:
        self._customers, self._inforce, self._scoring = customers, inforce, scoring

    def of(self, ref: str, until: Until, at: datetime) -> Body:
        """Return both as of a moment."""
        asked = Asked(at.astimezone(UTC).date())
        return {"rfm": self._rfm(ref, until, at), "predictions": self._scoring.of(ref, until, asked)}

    def _rfm(self, ref: str, until: Until, at: datetime) -> Body | None:
        """Return days since the last order, orders, net value and the three scores; None who never bought.

        The scores are by the scale of value in force, and null before there is one.
        """
        traits, by, today = self._customers.folded(TRAITS, ref, until), self._inforce.yardstick(), day_of(at)
        buying = known_of(traits, {}, by).buying if traits else None
        if buying is None or not buying.orders or buying.currency is None:
            return None
        rated = scores(buying, by.scale)
        return {
            "recency_days": max(0, today - max(buying.orders)), "frequency": sum(buying.orders.values()),
            "monetary": {"amount": buying.net[buying.currency], "currency": buying.currency},
            "scores": {name: steps.value(today) for name, steps in rated.items()} or None,
        }  # fmt: skip
