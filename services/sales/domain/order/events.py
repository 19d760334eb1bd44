"""What can be said of an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shared.values import Code, Id, Money, Positive, Price, Text, Whole


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line bought or returned; `amount` is quantity times unit price in minor units, half rounded up."""

    sku: Id
    quantity: Positive
    unit_price: Price
    amount: Whole
    name: Text | None = None
    category: Code | None = None
    configuration: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StockFound:
    """What the last stock report of an article meant for the order (S-10)."""

    sku: Id
    finding: Literal["enough", "stale", "insufficient"]
    report_id: Id


@dataclass(frozen=True, slots=True)
class StockCheck:
    """Whether the stock was enough when the order was taken; an article not found has no report (S-10)."""

    decision: Literal["confirmed", "stock_unconfirmed"]
    found: tuple[StockFound, ...]


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """The customer ordered; `total` is the sum of the lines."""

    order_id: Id
    order_no: Id
    lines: tuple[OrderLine, ...]
    total: Money
    country: Code | None = None
    campaign_id: Id | None = None
    offer_code: Code | None = None
    placed_at: datetime | None = None
    quote_id: Id | None = None
    stock_check: StockCheck | None = None
    offer_status: Literal["pending_validation"] | None = None


@dataclass(frozen=True, slots=True)
class OrderReturned:
    """Goods came back, in part or whole; `blind` when it is not known what was bought."""

    order_id: Id
    return_no: Id
    lines: tuple[OrderLine, ...]
    value: Money
    blind: bool
    reason: Code | None = None
    country: Code | None = None


@dataclass(frozen=True, slots=True)
class CancellationNoted:
    """The cancellation came before the order itself; it takes effect when the order comes."""

    order_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    """The order is off; `value` is what is taken back."""

    order_id: Id
    value: Money
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class OrderPaymentRecorded:
    """Money came in for the order."""

    order_id: Id
    amount: Money
    method: Code | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPromised:
    """The customer was told a day."""

    order_id: Id
    promised_on: date


@dataclass(frozen=True, slots=True)
class OrderShipped:
    """The goods left."""

    order_id: Id
    shipped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderDelivered:
    """The goods arrived."""

    order_id: Id
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundIssued:
    """Money went back to the customer."""

    order_id: Id
    amount: Money


@dataclass(frozen=True, slots=True)
class OfferSettled:
    """Campaigns said whether the order's offer code holds (S-11)."""

    order_id: Id
    offer_code: Code
    outcome: Literal["accepted", "refused"]
    reason: Text | None = None


EVENTS: tuple[type, ...] = (
    OrderPlaced,
    OrderReturned,
    CancellationNoted,
    OrderCancelled,
    OrderPaymentRecorded,
    DeliveryPromised,
    OrderShipped,
    OrderDelivered,
    RefundIssued,
    OfferSettled,
)
