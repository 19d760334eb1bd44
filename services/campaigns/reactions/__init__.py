"""What the events of other services, and some of its own, mean to campaigns (C6)."""

from services.campaigns.reactions import journeys, orders, social
from services.campaigns.reactions.people import LEARNED
from shared.events import Event
from shared.react import React
from shared.receive.heard import Instruct

REACTIONS: dict[str, React] = {
    "rapport.contacts.InteractionRecorded.v1": social.interaction_recorded,
    "rapport.sales.LeadRecycled.v1": journeys.lead_recycled,
    "rapport.analytics.ChurnRiskRaised.v1": journeys.churn_risk_raised,
    "rapport.sales.OrderPlaced.v1": orders.order_placed,
    "rapport.sales.OrderCancelled.v1": orders.order_cancelled,
    "rapport.campaigns.RedemptionReleased.v1": orders.redemption_released,
    "rapport.campaigns.StepReached.v1": journeys.step_reached,
    "rapport.campaigns.MessageOpened.v1": journeys.engaged,
    "rapport.campaigns.LinkClicked.v1": journeys.engaged,
    "rapport.campaigns.MessageReplied.v1": journeys.engaged,
}


def nothing_more(_: Event) -> list[Instruct]:
    """Nothing is decided by the event alone: what is known of people follows it."""
    return []


HEARD: dict[str, React] = {**dict.fromkeys(LEARNED, nothing_more), **REACTIONS}
# Whose sealed values nothing here reads: they are kept as they are.
SEALED = tuple(type_ for type_ in LEARNED if type_ not in REACTIONS)
