"""The aggregates of sales."""

from typing import Any

from services.sales.domain.opportunity import OPPORTUNITY
from services.sales.domain.order import ORDER
from shared.decide.decider import Decider

DECIDERS: tuple[Decider[Any], ...] = (ORDER, OPPORTUNITY)

__all__ = ["DECIDERS", "OPPORTUNITY", "ORDER"]
