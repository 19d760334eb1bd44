"""What happens to an offer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from shared.values import Code, Id, Length, Money, Positive, Text

People = Annotated[tuple[Id, ...], Length(0, 10_000)]


@dataclass(frozen=True, slots=True)
class OfferDefined:
    """An offer in words, and its limits; `members` are the people it is for, nobody named is everybody."""

    offer_id: Id
    terms: Text
    opens: datetime
    closes: datetime
    cap: Positive | None = None
    per_customer_cap: Positive = 1
    members: People = ()
    campaign_id: Id | None = None


@dataclass(frozen=True, slots=True)
class OfferActivated:
    """The offer can be redeemed, inside its window."""

    offer_id: Id


@dataclass(frozen=True, slots=True)
class OfferIssued:
    """A code of the offer was given to a person, or to anybody who has it."""

    offer_id: Id
    code: Code
    contact_id: Id | None = None


@dataclass(frozen=True, slots=True)
class OfferRedeemed:
    """An order used a code."""

    offer_id: Id
    code: Code
    order_id: Id
    contact_id: Id
    value: Money | None = None


@dataclass(frozen=True, slots=True)
class RedemptionRefused:
    """An order named a code that did not hold for it."""

    offer_id: Id
    code: Code
    order_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class OfferRedemptionReversed:
    """The order was called off: its redemption does not count."""

    offer_id: Id
    order_id: Id


@dataclass(frozen=True, slots=True)
class OfferExpired:
    """The window closed."""

    offer_id: Id


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """The offer was taken back; what was redeemed stands."""

    offer_id: Id
    reason: Text | None = None
