"""The aggregates of support."""

from typing import Any

from services.support.domain.article import ARTICLE
from services.support.domain.calendar import CALENDAR
from services.support.domain.case import CASE
from services.support.domain.guidance import GUIDANCE
from services.support.domain.guide import GUIDE
from services.support.domain.policy import SLA_POLICY
from services.support.domain.problem import PROBLEM
from services.support.domain.promise import PROMISE
from services.support.domain.reading import READING
from services.support.domain.rule import RULE
from services.support.domain.survey import SURVEY
from services.support.domain.ticket import TICKET
from services.support.domain.vocabularies import VOCABULARY
from services.support.domain.warranty import WARRANTY
from services.support.domain.watch import WATCH
from shared.decide.decider import Decider
from shared.plan import plan

PLAN = plan("support")

AGGREGATES: dict[str, Decider[Any]] = {
    "tickets": TICKET,
    "policies": SLA_POLICY,
    "calendars": CALENDAR,
    "surveys": SURVEY,
    "cases": CASE,
    "problems": PROBLEM,
    "promises": PROMISE,
    "guides": GUIDE,
    "guidances": GUIDANCE,
    "articles": ARTICLE,
    "readings": READING,
    "vocabularies": VOCABULARY,
    "warranties": WARRANTY,
    "rules": RULE,
    "watches": WATCH,
    "plans": PLAN,
}
DECIDERS: tuple[Decider[Any], ...] = tuple(AGGREGATES.values())

__all__ = ["AGGREGATES", "DECIDERS", "PLAN"]
