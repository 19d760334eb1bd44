"""What is decided about an article in stock."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from services.sales.domain.stock.commands import ChangePrice, ReportStock, SetStockPolicy
from services.sales.domain.stock.events import PriceChanged, StockLevelReported, StockPolicySet
from services.sales.domain.stock.state import StockItem
from shared.days import ahead
from shared.errors import FieldError, Invalid


def report(item: StockItem, command: ReportStock) -> list[Any]:
    """Every report is kept once; one counted earlier than the newest changes nothing for orders."""
    as_of = command.as_of or command.at
    if errors := ahead("/as_of", as_of, command.at):
        raise Invalid(*errors)
    if command.report_id in item.recent:
        return []
    return [StockLevelReported(command.sku, command.available, as_of, command.report_id)]


def change_price(item: StockItem, command: ChangePrice) -> list[Any]:
    """The event tells the price before, when it was of the same currency."""
    if Decimal(command.price) <= 0:
        raise Invalid(FieldError("/price", "needs to be more than 0"))
    old = item.price
    if old and (old.to_price, old.currency) == (command.price, command.currency):
        return []
    since = command.effective_from or command.at
    was = old.to_price if old and old.currency == command.currency else None
    return [PriceChanged(command.sku, command.price, command.currency, since, was)]


def set_policy(item: StockItem, command: SetStockPolicy) -> list[Any]:
    """The policy in force is no news."""
    policy = StockPolicySet(command.sku, command.when_lacking, command.stale_after_h)
    return [] if item.policy == policy else [policy]


DECIDE: dict[type, Callable[[StockItem, Any], list[Any]]] = {
    ReportStock: report,
    ChangePrice: change_price,
    SetStockPolicy: set_policy,
}


def decide(item: StockItem, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](item, command)
