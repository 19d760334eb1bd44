"""The aggregates of analytics: what it derives from the events of all services, and says itself."""

from typing import Any

from services.analytics.domain.standing import STANDING
from shared.decide.decider import Decider

AGGREGATES: dict[str, Decider[Any]] = {"standings": STANDING}
DECIDERS: tuple[Decider[Any], ...] = tuple(AGGREGATES.values())

__all__ = ["AGGREGATES", "DECIDERS"]
