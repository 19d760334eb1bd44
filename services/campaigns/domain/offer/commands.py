"""What may be asked of an offer."""

from dataclasses import dataclass, field
from datetime import datetime

from services.campaigns.domain.offer.events import People
from services.campaigns.domain.terms import Terms
from shared.values import FILLED, Code, Id, Money, Positive, Text


@dataclass(frozen=True, slots=True)
class DefineOffer:
    """Define an offer, or define it anew until it is active."""

    offer_id: Id
    terms: Text
    opens: datetime
    closes: datetime
    cap: Positive | None = None
    per_customer_cap: Positive = 1
    members: People = ()
    campaign_id: Id | None = None


@dataclass(frozen=True, slots=True)
class ActivateOffer:
    """Let the offer be redeemed."""

    offer_id: Id


@dataclass(frozen=True, slots=True)
class IssueOffer:
    """Give out a code: the id of the offer itself, or one for a person alone."""

    offer_id: Id
    code: Code
    contact_id: Id | None = None
    persons: tuple[Id, ...] = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class RedeemOffer:
    """Use a code for an order (M-7); `persons` are all refs of the person, filled in by the service."""

    offer_id: Id
    code: Code
    order_id: Id
    contact_id: Id
    at: datetime
    value: Money | None = None
    persons: tuple[Id, ...] = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ReportRedemption:
    """An order was placed with the code: redeem it, or note why it does not hold (M-7)."""

    offer_id: Id
    code: Code
    order_id: Id
    contact_id: Id
    at: datetime
    value: Money | None = None
    persons: tuple[Id, ...] = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ReverseRedemption:
    """The order was called off."""

    offer_id: Id
    order_id: Id


@dataclass(frozen=True, slots=True)
class WithdrawOffer:
    """Take the offer back."""

    offer_id: Id
    reason: Text | None = None
    terms: Terms = field(default=(), metadata=FILLED)
