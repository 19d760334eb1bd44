"""What an order remembers in order to decide."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, Protocol

from services.sales.domain.order.events import (
    CancellationNoted,
    DeliveryPromised,
    OfferSettled,
    OrderCancelled,
    OrderDelivered,
    OrderPaymentRecorded,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    RefundIssued,
)
from shared.plan import NO_FIELDS, Custom, FieldChanged, FieldExpired
from shared.values import Money


@dataclass(frozen=True, slots=True)
class Order:
    """An order; facts of payment, shipment and return may come before the order itself."""

    placed: OrderPlaced | None = None
    returns: tuple[OrderReturned, ...] = ()
    noted: CancellationNoted | None = None
    cancelled: bool = False
    shipped: bool = False
    delivered: bool = False
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    promised_on: date | None = None
    payments: tuple[Money, ...] = ()
    refunds: tuple[Money, ...] = ()
    offer: Literal["pending_validation", "accepted", "refused"] | None = None
    custom: Custom = NO_FIELDS

    @property
    def placed_at(self) -> datetime | None:
        """When it was placed, if that was told."""
        return self.placed.placed_at if self.placed else None

    @property
    def off(self) -> bool:
        """Whether the order is cancelled, or will be as soon as it comes."""
        return self.cancelled or self.noted is not None

    @property
    def gone(self) -> bool:
        """Whether the goods left the house."""
        return self.shipped or self.delivered

    @property
    def returned(self) -> int:
        """Value of the goods that came back, in minor units."""
        return sum(r.value.amount for r in self.returns)

    @property
    def back(self) -> Literal["none", "part", "whole"]:
        """How much of the goods came back."""
        if not self.returns:
            return "none"
        came = pieces(*(line for r in self.returns for line in r.lines))
        whole = self.placed is not None and pieces(*self.placed.lines) <= came
        return "whole" if whole else "part"

    @property
    def payment(self) -> Literal["open", "part", "paid"]:
        """How much is paid of what was not sent back."""
        if self.placed is None:
            return "open"
        paid = self.balance(self.placed.total.currency)
        if paid >= self.placed.total.amount - self.returned:
            return "paid"
        return "part" if paid > 0 else "open"

    def balance(self, currency: str) -> int:
        """Return what was paid less what was refunded in this currency, in minor units."""
        paid = sum(m.amount for m in self.payments if m.currency == currency)
        return paid - sum(m.amount for m in self.refunds if m.currency == currency)


class Pieces(Protocol):
    """A line, before or after it is priced."""

    @property
    def sku(self) -> str:
        """Which article."""
        ...

    @property
    def quantity(self) -> int:
        """How many."""
        ...


def pieces(*lines: Pieces) -> Counter[str]:
    """Return how many pieces of each article the lines hold."""
    found: Counter[str] = Counter()
    for line in lines:
        found[line.sku] += line.quantity
    return found


EVOLVE: dict[type, Callable[[Order, Any], Order]] = {
    OrderPlaced: lambda order, e: replace(order, placed=e, offer=e.offer_status),
    OrderReturned: lambda order, e: replace(order, returns=(*order.returns, e)),
    CancellationNoted: lambda order, e: replace(order, noted=e),
    OrderCancelled: lambda order, _: replace(order, cancelled=True),
    OrderPaymentRecorded: lambda order, e: replace(order, payments=(*order.payments, e.amount)),
    DeliveryPromised: lambda order, e: replace(order, promised_on=e.promised_on),
    OrderShipped: lambda order, e: replace(order, shipped=True, shipped_at=e.shipped_at),
    OrderDelivered: lambda order, e: replace(order, delivered=True, delivered_at=e.delivered_at),
    OfferSettled: lambda order, e: replace(order, offer=e.outcome),
    RefundIssued: lambda order, e: replace(order, refunds=(*order.refunds, e.amount)),
    FieldChanged: lambda order, e: replace(order, custom=order.custom.after(e)),
    FieldExpired: lambda order, e: replace(order, custom=order.custom.after(e)),
}


def evolve(order: Order, event: Any) -> Order:
    """Return the order after the event."""
    return EVOLVE[type(event)](order, event)


def summary(order: Order) -> dict[str, Any] | None:
    """Return the line of an order that was placed."""
    if order.placed is None:
        return None
    reached = {"cancelled": order.cancelled, "delivered": order.delivered, "shipped": order.shipped}
    return {
        "status": next((name for name, so in reached.items() if so), "placed"),
        "total": order.placed.total,
        "offer": order.offer,
        "promised_on": order.promised_on,
        "payment": order.payment,
        "returned": order.back,
    }
