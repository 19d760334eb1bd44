"""The aggregates of analytics: what it derives from the events of all services, and says itself."""

from typing import Any

from services.analytics.domain.initiative import INITIATIVE
from services.analytics.domain.metric import METRIC
from services.analytics.domain.objective import OBJECTIVE
from services.analytics.domain.rating import RATING
from services.analytics.domain.report import REPORT
from services.analytics.domain.scale import SCALE
from services.analytics.domain.standing import STANDING
from shared.decide.decider import Decider

AGGREGATES: dict[str, Decider[Any]] = {
    "standings": STANDING,
    "scales": SCALE,
    "ratings": RATING,
    "objectives": OBJECTIVE,
    "initiatives": INITIATIVE,
    "reports": REPORT,
    "formulas": METRIC,
}
DECIDERS: tuple[Decider[Any], ...] = tuple(AGGREGATES.values())

__all__ = ["AGGREGATES", "DECIDERS"]
