"""What can be said of a quote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from shared.values import Code, Id, Length, Matching, Money, Positive, Price, Secret, Text, Whole

Percent = Annotated[
    str, Matching(r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$", "needs to be a percentage from 0 to 100")
]
Zone = Annotated[str, Length(1, 100)]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line; `amount` is quantity times unit price less the discount in percent, half rounded up (S-5)."""

    sku: Id
    quantity: Positive
    unit_price: Price
    amount: Whole
    discount: Percent = "0"
    name: Text | None = None
    configuration: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class QuoteDrafted:
    """There is a first revision of an offer."""

    quote_id: Id
    opportunity_id: Id
    revision: Positive
    lines: tuple[QuoteLine, ...]
    total: Money
    offer_code: Code | None = None


@dataclass(frozen=True, slots=True)
class QuoteRevised:
    """There is another revision of the offer."""

    quote_id: Id
    revision: Positive
    lines: tuple[QuoteLine, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class DiscountApprovalRequested:
    """A discount beyond the limit waits for somebody who may approve it (S-5)."""

    quote_id: Id
    discount: Percent


@dataclass(frozen=True, slots=True)
class DiscountApproved:
    """Discounts of this quote are approved up to this limit (S-5)."""

    quote_id: Id
    approved_by: Id
    limit: Percent


@dataclass(frozen=True, slots=True)
class QuoteSent:
    """The customer has the offer; it can be accepted until the end of the last valid day (S-2)."""

    quote_id: Id
    revision: Positive
    valid_until: date
    issuer_zone: Zone
    sent_by: Code


@dataclass(frozen=True, slots=True)
class QuoteViewed:
    """The customer looked at the offer."""

    quote_id: Id
    revision: Positive


@dataclass(frozen=True, slots=True)
class QuoteAccepted:
    """The customer accepted this revision."""

    quote_id: Id
    opportunity_id: Id
    revision: Positive
    total: Money
    accepted_by: Secret | None = None


@dataclass(frozen=True, slots=True)
class QuoteRejected:
    """The customer does not want it."""

    quote_id: Id
    reason_code: Code


@dataclass(frozen=True, slots=True)
class QuoteExpired:
    """The last valid day is over."""

    quote_id: Id
    revision: Positive


@dataclass(frozen=True, slots=True)
class QuoteValidityExtended:
    """Somebody let the offer stand longer (S-2)."""

    quote_id: Id
    from_date: date
    to_date: date
    extended_by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class QuoteWithdrawn:
    """The offer is taken back."""

    quote_id: Id
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class QuoteSuperseded:
    """A revision that was sent is replaced by a later one that was sent (S-4)."""

    quote_id: Id
    revision: Positive
    replaced_by: Positive


EVENTS: tuple[type, ...] = (
    QuoteDrafted,
    QuoteRevised,
    DiscountApprovalRequested,
    DiscountApproved,
    QuoteSent,
    QuoteViewed,
    QuoteAccepted,
    QuoteRejected,
    QuoteExpired,
    QuoteValidityExtended,
    QuoteWithdrawn,
    QuoteSuperseded,
)
