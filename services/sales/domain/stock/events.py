"""What can be said of an article in stock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from shared.values import Between, Currency, Id, Price, Whole

WhenLacking = Literal["unconfirmed", "refuse"]
Hours = Annotated[int, Between(1, 8_760)]


@dataclass(frozen=True, slots=True)
class StockLevelReported:
    """So many pieces were available at that moment, says the system that counts them."""

    sku: Id
    available: Whole
    as_of: datetime
    report_id: Id


@dataclass(frozen=True, slots=True)
class PriceChanged:
    """The article costs this much per piece from that moment on."""

    sku: Id
    to_price: Price
    currency: Currency
    effective_from: datetime
    from_price: Price | None = None


@dataclass(frozen=True, slots=True)
class StockPolicySet:
    """What happens to orders when stock is lacking or its report too old (S-10)."""

    sku: Id
    when_lacking: WhenLacking
    stale_after_h: Hours


EVENTS: tuple[type, ...] = (StockLevelReported, PriceChanged, StockPolicySet)
