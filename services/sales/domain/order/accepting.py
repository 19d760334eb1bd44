"""What an order is accepted on: the stock reports (S-10) and its offer code (S-11)."""

from typing import Any

from services.sales.domain.order.commands import PlaceOrder, SettleOffer
from services.sales.domain.order.events import OfferSettled, StockCheck, StockFound
from services.sales.domain.order.state import Order, pieces
from services.sales.domain.stock import StockItem
from shared.decide import Facts
from shared.errors import Conflict, NotFound


def stock_check(command: PlaceOrder) -> StockCheck | None:
    """Return what the last reports say. Raises Conflict where an article's policy refuses (S-10)."""
    if not command.stock:
        return None
    wanted, at = pieces(*command.lines), command.at or command.placed_at
    findings = [
        (sku, item, item.finding(wanted[sku], at))
        for sku, item in zip(command.skus, command.stock, strict=True)
    ]
    lacking = [f"{sku}: {finding}" for sku, item, finding in findings if item.refuses and finding != "enough"]
    if lacking:
        raise Conflict(f"stock does not allow this order: {', '.join(lacking)}")
    found = tuple(
        StockFound(sku, finding, item.report.report_id)
        for sku, item, finding in findings
        if item.report and finding != "none"
    )
    enough = all(finding == "enough" for _, _, finding in findings)
    return StockCheck("confirmed" if enough else "stock_unconfirmed", found)


def settle_offer(order: Order, command: SettleOffer) -> list[Any]:
    """A code is settled once (S-11)."""
    code = order.placed.offer_code if order.placed else None
    if code is None:
        raise NotFound(f"order {command.order_id} has no offer code")
    if order.offer == command.outcome:
        return []
    if order.offer != "pending_validation":
        raise Conflict(f"the offer code of order {command.order_id} was {order.offer} before")
    return [OfferSettled(command.order_id, code, command.outcome, command.reason)]


def _articles(order: Order, command: PlaceOrder) -> list[tuple[str, str]]:
    return [] if order.placed else [("stock", sku) for sku in command.skus]


def _items(states: Any) -> tuple[StockItem, ...]:
    return tuple(states)


STOCK_KNOWN = Facts("stock", _articles, _items)
