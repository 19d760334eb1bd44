"""What may be asked of an article in stock."""

from dataclasses import dataclass
from datetime import datetime

from services.sales.domain.stock.events import Hours, WhenLacking
from shared.values import Currency, Id, Price, Whole


@dataclass(frozen=True, slots=True)
class ReportStock:
    """Report how many pieces are available, by the moment of counting (now)."""

    sku: Id
    available: Whole
    report_id: Id
    at: datetime
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangePrice:
    """Say what a piece costs, from a moment on (now)."""

    sku: Id
    price: Price
    currency: Currency
    at: datetime
    effective_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetStockPolicy:
    """Say whether orders beyond the stock are refused, and after how many hours a report is too old."""

    sku: Id
    when_lacking: WhenLacking
    stale_after_h: Hours = 24
