"""Standing: what is derived of one customer: segments, value tier, lifecycle stage, churn risk."""

from services.analytics.domain.standing.decide import decide
from services.analytics.domain.standing.events import EVENTS
from services.analytics.domain.standing.state import Standing, evolve, summary
from shared.decide.decider import Decider

STANDING = Decider(
    category="standing",
    service="analytics",
    initial=Standing(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    summary=summary,
    filters=("segments", "tier", "stage"),
)

__all__ = ["STANDING", "Standing"]
