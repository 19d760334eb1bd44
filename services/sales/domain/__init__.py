"""The aggregates of sales."""

from typing import Any

from services.sales.domain.agreement import AGREEMENT
from services.sales.domain.lead import LEAD
from services.sales.domain.opportunity import OPPORTUNITY
from services.sales.domain.order import ORDER
from services.sales.domain.pipeline import PIPELINE
from services.sales.domain.quote import QUOTE
from services.sales.domain.stock import STOCK
from shared.decide.decider import Decider
from shared.plan import plan
from shared.vocabulary import vocabulary

VOCABULARY = vocabulary("sales")
PLAN = plan("sales")

AGGREGATES: dict[str, Decider[Any]] = {
    "leads": LEAD,
    "orders": ORDER,
    "opportunities": OPPORTUNITY,
    "quotes": QUOTE,
    "agreements": AGREEMENT,
    "pipelines": PIPELINE,
    "stock-items": STOCK,
    "vocabularies": VOCABULARY,
    "plans": PLAN,
}
DECIDERS: tuple[Decider[Any], ...] = tuple(AGGREGATES.values())

__all__ = [
    "AGGREGATES",
    "AGREEMENT",
    "DECIDERS",
    "LEAD",
    "OPPORTUNITY",
    "ORDER",
    "PIPELINE",
    "PLAN",
    "QUOTE",
    "STOCK",
    "VOCABULARY",
]
