"""Taking goods back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from services.sales.domain.order.amounts import priced, total
from services.sales.domain.order.commands import RecordReturn
from services.sales.domain.order.events import OrderLine, OrderPlaced, OrderReturned
from services.sales.domain.order.state import Order, pieces
from shared.errors import Conflict
from shared.values import Money


def take_back(order: Order, command: RecordReturn) -> list[Any]:
    """Take back never more, nor dearer, than was bought; blindly when the order is not known."""
    lines = priced(command.lines, command.currency)
    if _reported(order, command, lines):
        return []
    value = total(lines, command.currency)
    if order.placed:
        _fits(order, order.placed, lines, command)
        left = max(0, order.placed.total.amount - order.returned)  # parts round up to more than the whole
        value = Money(min(value.amount, left), value.currency)
    blind = order.placed is None
    return [
        OrderReturned(
            command.order_id, command.return_no, lines, value, blind, command.reason, command.country
        )
    ]


def _reported(order: Order, command: RecordReturn, lines: Sequence[OrderLine]) -> bool:
    """Whether this very return is known. Raises Conflict when it is known with other content."""
    known = next((r for r in order.returns if r.return_no == command.return_no), None)
    if known and (known.lines != lines or known.value.currency != command.currency):
        raise Conflict(f"return {command.return_no} was reported before with other content")
    return known is not None


def _fits(order: Order, placed: OrderPlaced, lines: Sequence[OrderLine], command: RecordReturn) -> None:
    if order.cancelled:
        raise Conflict(f"order {command.order_id} is cancelled")
    if command.currency != placed.total.currency:
        raise Conflict(f"order {command.order_id} is in {placed.total.currency}")
    _not_more(order, placed, lines)
    _not_dearer(placed, lines)


def _not_more(order: Order, placed: OrderPlaced, lines: Sequence[OrderLine]) -> None:
    bought, back = pieces(*placed.lines), pieces(*(line for r in order.returns for line in r.lines))
    for sku, count in pieces(*lines).items():
        if back[sku] + count > bought[sku]:
            known = f"{bought[sku]} were bought and {back[sku]} came back before"
            raise Conflict(f"{count} of {sku} can not come back: {known}")


def _not_dearer(placed: OrderPlaced, lines: Sequence[OrderLine]) -> None:
    prices = {
        sku: max(Decimal(line.unit_price) for line in placed.lines if line.sku == sku)
        for sku in pieces(*lines)
    }
    for line in lines:
        if Decimal(line.unit_price) > prices[line.sku]:
            raise Conflict(f"{line.sku} was bought at {prices[line.sku]}, not at {line.unit_price}")
