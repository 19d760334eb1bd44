"""What events of other services, and some of its own, mean to sales (C6)."""

from services.sales.domain.lead import LEAD, CaptureLead
from services.sales.domain.order import ORDER, SettleOffer
from shared.events import Event
from shared.events.ids import derived
from shared.people import TYPES as PEOPLE
from shared.react import React
from shared.receive import Instruct


def form_submitted(event: Event) -> list[Instruct]:
    """A form that tells of an interest is a lead; others are none."""
    interest = event.data.get("interest")
    if not interest:
        return []
    key, channel = derived("lead", event.id), event.meta.channel or "web"
    capture = CaptureLead(
        key,
        "form",
        channel,
        str(interest)[:2_000],
        event.data.get("campaign_ref"),
        event.meta.customer,
    )
    return [Instruct(LEAD.category, key, capture)]


def offer_redeemed(event: Event) -> list[Instruct]:
    """The order's offer code holds (S-11)."""
    order = event.data["order_id"]
    return [Instruct(ORDER.category, order, SettleOffer(order, "accepted"))]


def redemption_refused(event: Event) -> list[Instruct]:
    """The order's offer code does not hold, and why (S-11)."""
    order, reason = event.data["order_id"], event.data.get("reason")
    return [Instruct(ORDER.category, order, SettleOffer(order, "refused", reason))]


def order_placed(event: Event) -> list[Instruct]:
    """A code is somebody's: an order that names nobody redeems none, and does not wait for it (S-11)."""
    if event.data.get("offer_code") is None or event.meta.customer:
        return []
    order = event.data["order_id"]
    refused = SettleOffer(order, "refused", "the order names no customer")
    return [Instruct(ORDER.category, order, refused)]


def looked_up(_: Event) -> list[Instruct]:
    """Nothing follows from the event alone (services/sales/following.py)."""
    return []


REACTIONS: dict[str, React] = {
    "rapport.sales.OrderPlaced.v1": order_placed,
    "rapport.sales.StageRetired.v1": looked_up,
    "rapport.analytics.CustomerValueTierChanged.v1": looked_up,
    **dict.fromkeys(PEOPLE, looked_up),
    "rapport.campaigns.FormSubmitted.v1": form_submitted,
    "rapport.campaigns.OfferRedeemed.v1": offer_redeemed,
    "rapport.campaigns.RedemptionRefused.v1": redemption_refused,
}
SOURCES = tuple(sorted({type_.split(".")[1] for type_ in REACTIONS}))
