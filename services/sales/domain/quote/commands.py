"""What may be asked of a quote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from services.sales.domain.quote.events import Percent, Zone
from shared.values import FILLED, Code, Currency, Id, Length, Positive, Price, Secret, Text


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line to offer; price per unit and discount in percent are decimal numbers as text."""

    sku: Id
    quantity: Positive
    unit_price: Price
    discount: Percent = "0"
    name: Text | None = None
    configuration: Mapping[str, str] | None = None


Lines = Annotated[tuple[OfferedLine, ...], Length(1, 500)]


@dataclass(frozen=True, slots=True)
class DraftQuote:
    """Draft an offer for an open opportunity, in one currency."""

    quote_id: Id
    opportunity_id: Id
    currency: Currency
    lines: Lines
    offer_code: Code | None = None
    customer: Id | None = None
    deal_status: str | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ReviseQuote:
    """Make another revision. What was sent stays with the customer until this one is sent (S-4)."""

    quote_id: Id
    lines: Lines


@dataclass(frozen=True, slots=True)
class RequestApproval:
    """Ask for the approval of a discount beyond the limit."""

    quote_id: Id


@dataclass(frozen=True, slots=True)
class ApproveDiscount:
    """Approve discounts of this quote, in percent, up to a limit."""

    quote_id: Id
    approved_by: Id
    limit: Percent


@dataclass(frozen=True, slots=True)
class SendQuote:
    """Send the highest revision; `valid_until` is its last day in the issuer's time zone."""

    quote_id: Id
    valid_until: date
    at: datetime
    issuer_zone: Zone = "UTC"
    sent_by: Code = "email"


@dataclass(frozen=True, slots=True)
class RecordView:
    """Record that the customer looked at the offer."""

    quote_id: Id
    revision: Positive


@dataclass(frozen=True, slots=True)
class AcceptQuote:
    """Accept the highest revision, until the end of its last valid day (S-2)."""

    quote_id: Id
    revision: Positive
    at: datetime
    accepted_by: Secret | None = None


@dataclass(frozen=True, slots=True)
class RejectQuote:
    """Record that the customer does not want it, and why."""

    quote_id: Id
    reason_code: Code


@dataclass(frozen=True, slots=True)
class ExtendValidity:
    """Let the offer stand longer, even after it expired; says who allowed it and why (S-2)."""

    quote_id: Id
    valid_until: date
    extended_by: Id
    reason: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawQuote:
    """Take the offer back."""

    quote_id: Id
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class ExpireQuote:
    """Let the offer expire if it is out and its last day is over; else nothing happens (S-3)."""

    quote_id: Id
    at: datetime
