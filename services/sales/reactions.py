"""What other services' events mean to sales (C6)."""

from services.sales.domain.lead import LEAD, CaptureLead
from shared.events import Event
from shared.events.ids import derived
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
        event.data.get("campaign_id"),
        event.meta.customer,
    )
    return [Instruct(LEAD.category, key, capture)]


REACTIONS: dict[str, React] = {"rapport.campaigns.FormSubmitted.v1": form_submitted}
SOURCES = tuple(sorted({type_.split(".")[1] for type_ in REACTIONS}))
