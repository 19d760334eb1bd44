"""What is remembered of an article in stock, and what orders have to know of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from services.sales.domain.stock.events import PriceChanged, StockLevelReported, StockPolicySet

Finding = Literal["enough", "none", "stale", "insufficient"]
KEPT_REPORTS = 50


@dataclass(frozen=True, slots=True)
class StockItem:
    """The newest report by moment of counting; without a policy lacking stock leaves orders unconfirmed."""

    report: StockLevelReported | None = None
    price: PriceChanged | None = None
    policy: StockPolicySet | None = None
    recent: tuple[str, ...] = ()  # ids of the last reports, to tell a repeated one

    @property
    def refuses(self) -> bool:
        """Whether orders beyond the stock are refused."""
        return self.policy is not None and self.policy.when_lacking == "refuse"

    def finding(self, wanted: int, at: datetime | None) -> Finding:
        """Return whether so many pieces can be had, as far as the last report tells at a moment."""
        if self.report is None:
            return "none"
        stale_after = timedelta(hours=self.policy.stale_after_h if self.policy else 24)
        if at and at - self.report.as_of > stale_after:
            return "stale"
        return "enough" if self.report.available >= wanted else "insufficient"


def _reported(item: StockItem, event: StockLevelReported) -> StockItem:
    recent = (*item.recent, event.report_id)[-KEPT_REPORTS:]
    newer = item.report is None or event.as_of >= item.report.as_of
    return replace(item, recent=recent, report=event if newer else item.report)


EVOLVE: dict[type, Callable[[StockItem, Any], StockItem]] = {
    StockLevelReported: _reported,
    PriceChanged: lambda item, e: replace(item, price=e),
    StockPolicySet: lambda item, e: replace(item, policy=e),
}


def evolve(item: StockItem, event: Any) -> StockItem:
    """Return the article after the event."""
    return EVOLVE[type(event)](item, event)
