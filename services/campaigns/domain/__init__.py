"""The aggregates of campaigns."""

from typing import Any

from services.campaigns.domain.campaign import CAMPAIGN
from services.campaigns.domain.enrolment import ENROLMENT
from services.campaigns.domain.form import FORM
from services.campaigns.domain.journey import JOURNEY
from services.campaigns.domain.mention import MENTION
from services.campaigns.domain.message import MESSAGE
from services.campaigns.domain.offer import OFFER
from services.campaigns.domain.post import POST
from services.campaigns.domain.recipient import RECIPIENT
from services.campaigns.domain.redemption import REDEMPTION
from services.campaigns.domain.response import RESPONSE
from services.campaigns.domain.segment import SEGMENT
from services.campaigns.domain.submission import SUBMISSION
from services.campaigns.domain.template import TEMPLATE
from services.campaigns.domain.touch import TOUCH
from shared.decide.decider import Decider
from shared.vocabulary import vocabulary

VOCABULARY = vocabulary("campaigns")

BY_PLURAL: dict[str, Decider[Any]] = {
    "campaigns": CAMPAIGN,
    "segments": SEGMENT,
    "templates": TEMPLATE,
    "messages": MESSAGE,
    "recipients": RECIPIENT,
    "offers": OFFER,
    "redemptions": REDEMPTION,
    "forms": FORM,
    "submissions": SUBMISSION,
    "journeys": JOURNEY,
    "enrolments": ENROLMENT,
    "posts": POST,
    "mentions": MENTION,
    "touches": TOUCH,
    "responses": RESPONSE,
    "vocabularies": VOCABULARY,
}
DECIDERS: tuple[Decider[Any], ...] = tuple(BY_PLURAL.values())

__all__ = ["BY_PLURAL", "CAMPAIGN", "DECIDERS", "MESSAGE", "VOCABULARY"]
