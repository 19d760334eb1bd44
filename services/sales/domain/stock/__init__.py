"""StockItem: what the ERP tells of an article: how many there are, and what a piece costs."""

from services.sales.domain.stock.commands import ChangePrice, ReportStock, SetStockPolicy
from services.sales.domain.stock.decide import decide
from services.sales.domain.stock.events import EVENTS, PriceChanged, StockLevelReported, StockPolicySet
from services.sales.domain.stock.state import StockItem, evolve
from shared.decide.decider import Decider

STOCK = Decider(
    category="stock",
    service="sales",
    initial=StockItem(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={"report": ReportStock, "change-price": ChangePrice, "set-policy": SetStockPolicy},
)

__all__ = [
    "STOCK",
    "ChangePrice",
    "PriceChanged",
    "ReportStock",
    "SetStockPolicy",
    "StockItem",
    "StockLevelReported",
    "StockPolicySet",
]
