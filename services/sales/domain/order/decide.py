"""What an order decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.sales.domain.order.accepting import settle_offer, stock_check
from services.sales.domain.order.amounts import priced, total
from services.sales.domain.order.commands import (
    CancelOrder,
    IssueRefund,
    PlaceOrder,
    PromiseDelivery,
    RecordDelivery,
    RecordPayment,
    RecordReturn,
    RecordShipment,
    SettleOffer,
)
from services.sales.domain.order.events import (
    CancellationNoted,
    DeliveryPromised,
    OrderCancelled,
    OrderDelivered,
    OrderPaymentRecorded,
    OrderPlaced,
    OrderShipped,
    RefundIssued,
)
from services.sales.domain.order.returning import take_back
from services.sales.domain.order.state import Order
from shared.days import ahead
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.plan import keeping
from shared.values import Money

Events = list[Any]


def place(order: Order, command: PlaceOrder) -> Events:
    """Take the order once; a cancellation that came first takes effect now."""
    placed = _placed(command)
    if order.placed is None:
        _past("/placed_at", command.placed_at, command.at)
        _in_time(command.placed_at, order.shipped_at or order.delivered_at, "shipped", "placed")
        checked = replace(placed, stock_check=stock_check(command))
        return [checked, *_cancelled(order, checked)]
    if replace(order.placed, placed_at=placed.placed_at, stock_check=None) != placed:
        raise Conflict(f"order {command.order_id} was placed before with other content")
    return []


def _placed(command: PlaceOrder) -> OrderPlaced:
    lines = priced(command.lines, command.currency)
    return OrderPlaced(
        command.order_id,
        command.order_id,
        lines,
        total(lines, command.currency),
        command.country,
        command.campaign_id,
        command.offer_code,
        command.placed_at,
        command.quote_id,
        offer_status="pending_validation" if command.offer_code else None,
    )


def _cancelled(order: Order, placed: OrderPlaced) -> Events:
    if order.noted is None:
        return []
    left = Money(max(0, placed.total.amount - order.returned), placed.total.currency)
    return [OrderCancelled(placed.order_id, left, order.noted.reason)]


def cancel(order: Order, command: CancelOrder) -> Events:
    """Call it off and take the value back; not when the goods left (S-9) or came back."""
    if order.off:
        return []
    if order.gone or (order.placed and order.returns):
        raise Conflict(f"order {command.order_id} has shipped: goods come back as a return")
    if order.placed is None:
        return [CancellationNoted(command.order_id, command.reason)]
    return [OrderCancelled(command.order_id, order.placed.total, command.reason)]


def ship(order: Order, command: RecordShipment) -> Events:
    """A cancelled order can not ship (S-9)."""
    if order.shipped:
        return []
    _still_on(order, command.order_id, "ship")
    _past("/shipped_at", command.shipped_at, command.at)
    _in_time(order.placed_at, command.shipped_at, "shipped", "placed")
    _in_time(command.shipped_at, order.delivered_at, "delivered", "shipped")
    return [OrderShipped(command.order_id, command.shipped_at)]


def deliver(order: Order, command: RecordDelivery) -> Events:
    """Delivered is not before shipped, shipped not before placed (S-9)."""
    if order.delivered:
        return []
    _still_on(order, command.order_id, "be delivered")
    _past("/delivered_at", command.delivered_at, command.at)
    _in_time(order.placed_at, command.delivered_at, "delivered", "placed")
    _in_time(order.shipped_at, command.delivered_at, "delivered", "shipped")
    return [OrderDelivered(command.order_id, command.delivered_at)]


def promise(order: Order, command: PromiseDelivery) -> Events:
    """A day may be promised, and promised anew, until the goods are there."""
    if order.placed is None:
        raise NotFound(f"order {command.order_id} is not known")
    if order.promised_on == command.promised_on:
        return []
    _still_on(order, command.order_id, "be promised")
    if order.delivered:
        raise Conflict(f"order {command.order_id} is delivered")
    return [DeliveryPromised(command.order_id, command.promised_on)]


def pay(order: Order, command: RecordPayment) -> Events:
    """Money that came in is a fact, even when it comes before the order or is too much."""
    _positive(command.amount)
    if order.placed and order.placed.total.currency != command.amount.currency:
        raise Conflict(f"order {command.order_id} is in {order.placed.total.currency}")
    return [OrderPaymentRecorded(command.order_id, command.amount, command.method)]


def refund(order: Order, command: IssueRefund) -> Events:
    """Refunds never exceed payments (S-9)."""
    _positive(command.amount)
    left = order.balance(command.amount.currency)
    if command.amount.amount > left:
        raise Conflict(f"only {left} {command.amount.currency} of minor units are left to refund")
    return [RefundIssued(command.order_id, command.amount)]


def _positive(money: Money) -> None:
    if money.amount <= 0:
        raise Invalid(FieldError("/amount/amount", "needs to be more than 0"))


def _still_on(order: Order, order_id: str, verb: str) -> None:
    if order.off:
        raise Conflict(f"order {order_id} is cancelled and can not {verb}")


def _past(pointer: str, moment: datetime | None, now: datetime | None) -> None:
    if errors := ahead(pointer, moment, now):
        raise Invalid(*errors)


def _in_time(before: datetime | None, after: datetime | None, later: str, earlier: str) -> None:
    """Compare whole days: many systems report a shipment by its day alone."""
    if before and after and after.date() < before.date():
        raise Conflict(f"it can not be {later} on {after.date()}, as it was {earlier} on {before.date()}")


DECIDE: dict[type, Callable[[Order, Any], Events]] = {
    PlaceOrder: place,
    RecordReturn: take_back,
    CancelOrder: cancel,
    RecordPayment: pay,
    PromiseDelivery: promise,
    RecordShipment: ship,
    RecordDelivery: deliver,
    IssueRefund: refund,
    SettleOffer: settle_offer,
    **keeping("order", lambda order: order.placed and order.placed.order_id),
}


def decide(order: Order, command: Any) -> Events:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    return DECIDE[type(command)](order, command)
