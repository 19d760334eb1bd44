"""The aggregates of campaigns."""

from typing import Any

from services.campaigns.domain.campaign import CAMPAIGN
from services.campaigns.domain.message import MESSAGE
from services.campaigns.domain.recipient import RECIPIENT
from services.campaigns.domain.response import RESPONSE
from services.campaigns.domain.segment import SEGMENT
from services.campaigns.domain.template import TEMPLATE
from services.campaigns.domain.touch import TOUCH
from shared.decide.decider import Decider

DECIDERS: tuple[Decider[Any], ...] = (CAMPAIGN, SEGMENT, TEMPLATE, MESSAGE, RECIPIENT, TOUCH, RESPONSE)

__all__ = ["CAMPAIGN", "DECIDERS", "MESSAGE", "RECIPIENT", "RESPONSE", "SEGMENT", "TEMPLATE", "TOUCH"]
