"""What may be asked of an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from services.sales.domain.stock import StockItem
from shared.values import FILLED, Code, Currency, Id, Length, Money, Positive, Price, Text


@dataclass(frozen=True, slots=True)
class Line:
    """A line; the price is per unit, a decimal number as text."""

    sku: Id
    quantity: Positive
    unit_price: Price
    name: Text | None = None
    category: Code | None = None
    configuration: Mapping[str, str] | None = None


Lines = Annotated[tuple[Line, ...], Length(1, 2_000)]


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Take an order. The same order again is no news; another order under the same number is refused.

    `stock` is what is known of the articles, in the order of `skus`; without it nothing is checked.
    """

    order_id: Id
    currency: Currency
    lines: Lines
    country: Code | None = None
    campaign_id: Id | None = None
    offer_code: Code | None = None
    placed_at: datetime | None = None
    quote_id: Id | None = None
    customer: Id | None = None
    at: datetime | None = None
    stock: tuple[StockItem, ...] = field(default=(), metadata=FILLED)

    @property
    def skus(self) -> tuple[str, ...]:
        """The articles ordered, each once."""
        return tuple(dict.fromkeys(line.sku for line in self.lines))


@dataclass(frozen=True, slots=True)
class SettleOffer:
    """Say whether the order's offer code holds."""

    order_id: Id
    outcome: Literal["accepted", "refused"]
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RecordReturn:
    """Take goods back, in part or whole; of an order never more than was bought."""

    order_id: Id
    return_no: Id
    currency: Currency
    lines: Lines
    reason: Code | None = None
    country: Code | None = None


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Call the order off, before it shipped."""

    order_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """Record money that came in."""

    order_id: Id
    amount: Money
    method: Code | None = None


@dataclass(frozen=True, slots=True)
class PromiseDelivery:
    """Tell the customer a day."""

    order_id: Id
    promised_on: date


@dataclass(frozen=True, slots=True)
class RecordShipment:
    """Record that the goods left."""

    order_id: Id
    shipped_at: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    """Record that the goods arrived."""

    order_id: Id
    delivered_at: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssueRefund:
    """Pay money back, at most what came in."""

    order_id: Id
    amount: Money
