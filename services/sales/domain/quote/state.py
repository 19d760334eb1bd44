"""What a quote remembers in order to decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from services.sales.domain.quote.events import (
    DiscountApprovalRequested,
    DiscountApproved,
    QuoteAccepted,
    QuoteDrafted,
    QuoteExpired,
    QuoteLine,
    QuoteRejected,
    QuoteRevised,
    QuoteSent,
    QuoteSuperseded,
    QuoteValidityExtended,
    QuoteViewed,
    QuoteWithdrawn,
)
from services.sales.domain.quote.pricing import FREE_DISCOUNT
from shared.days import end_of
from shared.values import Money

Status = Literal[
    "unknown", "draft", "awaiting_approval", "sent", "accepted", "rejected", "expired", "withdrawn"
]
EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote; status, lines and total are those of the highest revision."""

    status: Status = "unknown"
    drafted: QuoteDrafted | None = None
    revision: int = 0
    lines: tuple[QuoteLine, ...] = ()
    total: Money | None = None
    approved: Decimal = FREE_DISCOUNT
    sent_revision: int = 0
    superseded: tuple[int, ...] = ()
    valid_until: date | None = None
    issuer_zone: str = "UTC"

    @property
    def opportunity_id(self) -> str:
        """The deal it is about."""
        return self.drafted.opportunity_id if self.drafted else ""

    @property
    def ends_at(self) -> datetime | None:
        """The first moment at which it can not be accepted any more (S-2)."""
        return end_of(self.valid_until, self.issuer_zone) if self.valid_until else None

    @property
    def terminal(self) -> bool:
        """Whether nothing can happen to it any more (S-3)."""
        return self.status in ("accepted", "rejected", "withdrawn")


def _revised(quote: Quote, event: QuoteDrafted | QuoteRevised) -> Quote:
    return replace(quote, status="draft", revision=event.revision, lines=event.lines, total=event.total)


def _sent(quote: Quote, event: QuoteSent) -> Quote:
    until = {"valid_until": event.valid_until, "issuer_zone": event.issuer_zone}
    return replace(quote, status="sent", sent_revision=event.revision, **until)  # type: ignore[arg-type]


EVOLVE: dict[type, Callable[[Quote, Any], Quote]] = {
    QuoteDrafted: lambda quote, e: replace(_revised(quote, e), drafted=e),
    QuoteRevised: _revised,
    DiscountApprovalRequested: lambda quote, _: replace(quote, status="awaiting_approval"),
    DiscountApproved: lambda quote, e: replace(quote, status="draft", approved=Decimal(e.limit)),
    QuoteSent: _sent,
    QuoteViewed: lambda quote, _: quote,
    QuoteAccepted: lambda quote, _: replace(quote, status="accepted"),
    QuoteRejected: lambda quote, _: replace(quote, status="rejected"),
    QuoteExpired: lambda quote, _: replace(quote, status="expired"),
    QuoteValidityExtended: lambda quote, e: replace(quote, status="sent", valid_until=e.to_date),
    QuoteWithdrawn: lambda quote, _: replace(quote, status="withdrawn"),
    QuoteSuperseded: lambda quote, e: replace(quote, superseded=(*quote.superseded, e.revision)),
}


def evolve(quote: Quote, event: Any) -> Quote:
    """Return the quote after the event."""
    return EVOLVE[type(event)](quote, event)


def timers(quote: Quote) -> Mapping[str, datetime]:
    """Return when the offer expires, as long as it is out."""
    return {EXPIRY: quote.ends_at} if quote.status == "sent" and quote.ends_at else {}


def summary(quote: Quote) -> dict[str, Any]:
    """Return the line of the quote in lists."""
    return {
        "status": quote.status,
        "opportunity_id": quote.opportunity_id,
        "revision": quote.revision,
        "total": quote.total,
        "valid_until": quote.valid_until,
    }
