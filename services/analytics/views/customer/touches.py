"""The event types that are a contact between the customer and the company, and what to call them."""

from collections.abc import Mapping

from shared.events import Event

TOUCHES: Mapping[str, str] = {
    "InteractionRecorded": "interaction",
    "OrderPlaced": "order",
    "OrderReturned": "return",
    "ContactAttempted": "campaign call",
    "CampaignResponseRecorded": "campaign response",
    "TicketOpened": "ticket",
    "CustomerMessageReceived": "message",
    "ReplySent": "reply",
}


def is_touch(event: Event) -> bool:
    """Tell whether the two really met: a note without direction is the company's own."""
    return event.data.get("direction") != "none"


def kind_of(event: Event) -> str:
    """Return the kind of touch in one word or two."""
    if event.type == "InteractionRecorded":
        return str(event.data["kind"])
    return TOUCHES[event.type]
