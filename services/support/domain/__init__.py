"""The aggregates of support."""

from typing import Any

from services.support.domain.calendar import CALENDAR
from services.support.domain.policy import SLA_POLICY
from services.support.domain.ticket import TICKET
from shared.decide.decider import Decider

DECIDERS: tuple[Decider[Any], ...] = (TICKET, SLA_POLICY, CALENDAR)

__all__ = ["CALENDAR", "DECIDERS", "SLA_POLICY", "TICKET"]
