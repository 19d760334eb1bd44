"""The aggregates of support."""

from typing import Any

from services.support.domain.ticket import TICKET
from shared.decide.decider import Decider

DECIDERS: tuple[Decider[Any], ...] = (TICKET,)

__all__ = ["DECIDERS", "TICKET"]
