"""An offer as decisions see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from services.campaigns.domain.offer.events import (
    OfferActivated,
    OfferDefined,
    OfferExpired,
    OfferIssued,
    OfferRedeemed,
    OfferRedemptionReversed,
    OfferWithdrawn,
    RedemptionRefused,
)

Status = Literal["unknown", "defined", "active", "expired", "withdrawn"]
LED_TO: dict[type, Status] = {
    OfferActivated: "active",
    OfferExpired: "expired",
    OfferWithdrawn: "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer, its codes by whom they are for, and its redemptions by order."""

    status: Status = "unknown"
    terms: OfferDefined | None = None
    codes: Mapping[str, str | None] = field(default_factory=dict)
    redeemed: Mapping[str, OfferRedeemed] = field(default_factory=dict)
    reversed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    @property
    def standing(self) -> list[OfferRedeemed]:
        """The redemptions that count."""
        return [r for order_id, r in self.redeemed.items() if order_id not in self.reversed]


def evolve(offer: Offer, event: Any) -> Offer:
    """Return the offer after the event."""
    match event:
        case OfferDefined():
            return replace(offer, status="defined", terms=event)
        case OfferIssued(code=code, contact_id=contact_id):
            return replace(offer, codes={**offer.codes, code: contact_id})
        case OfferRedeemed(order_id=order_id):
            return replace(offer, redeemed={**offer.redeemed, order_id: event})
        case RedemptionRefused(order_id=order_id):
            return replace(offer, refused=offer.refused | {order_id})
        case OfferRedemptionReversed(order_id=order_id):
            return replace(offer, reversed=offer.reversed | {order_id})
    return replace(offer, status=LED_TO[type(event)])


def timers(offer: Offer) -> Mapping[str, datetime]:
    """Return when an active offer ends."""
    return {"expire": offer.terms.closes} if offer.terms and offer.status == "active" else {}


def summary(offer: Offer) -> Mapping[str, Any] | None:
    """Return the line of the offer in lists."""
    if offer.terms is None:
        return None
    counted = {"issued": len(offer.codes), "redeemed": len(offer.standing)}
    return {"status": offer.status, "closes": offer.terms.closes, **counted}
