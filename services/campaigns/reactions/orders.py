"""What orders do to offers."""

from services.campaigns.domain.offer import OFFER, ReportRedemption, ReverseRedemption
from services.campaigns.domain.redemption import (
    REDEMPTION,
    ClaimRedemption,
    ReleaseRedemption,
    offer_of,
)
from shared.events import Event
from shared.receive.heard import Instruct
from shared.values import Money


def order_placed(event: Event) -> list[Instruct]:
    """An order with a code redeems it, or the offer notes why it does not hold (M-7)."""
    code, person = event.data.get("offer_code"), event.meta.customer
    if code is None or person is None:
        return []
    order, offer = event.data["order_id"], offer_of(code)
    total = Money(**event.data["total"])
    report = ReportRedemption(offer, code, order, person, event.occurred_at, total)
    return [
        Instruct(REDEMPTION.category, order, ClaimRedemption(order, code)),
        Instruct(OFFER.category, offer, report),
    ]


def order_cancelled(event: Event) -> list[Instruct]:
    """What the order redeemed does not count (M-7)."""
    order = event.data["order_id"]
    return [Instruct(REDEMPTION.category, order, ReleaseRedemption(order))]


def redemption_released(event: Event) -> list[Instruct]:
    """The offer takes the redemption back."""
    offer = event.data["offer_id"]
    return [Instruct(OFFER.category, offer, ReverseRedemption(offer, event.data["order_id"]))]
