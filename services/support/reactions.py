"""What events mean to support: its own that concern another aggregate, and those of other services."""

from services.support.domain.ticket import TICKET, ContinueTicket
from shared.events import Event
from shared.react import React
from shared.receive import Instruct


def message_forwarded(event: Event) -> list[Instruct]:
    """A message for a ticket that is over reaches the one that goes on, or opens it (T-7, T-8)."""
    data, to = event.data, event.data["to_ticket_id"]
    if data["message"] is None:
        return []
    subject = f"Follow-up of {data['ticket_id']}"
    told = (data["ticket_id"], subject, data["message"], data["priority"])
    return [Instruct(TICKET.category, to, ContinueTicket(to, *told, at=event.occurred_at))]


def ticket_split(event: Event) -> list[Instruct]:
    """What was split off goes on in a ticket of its own."""
    data, new = event.data, event.data["new_id"]
    split = ContinueTicket(new, data["ticket_id"], data["subject"] or "", at=event.occurred_at)
    return [Instruct(TICKET.category, new, split)]


REACTIONS: dict[str, React] = {
    "rapport.support.MessageForwarded.v1": message_forwarded,
    "rapport.support.TicketSplit.v1": ticket_split,
}
SOURCES = tuple(sorted({type_.split(".")[1] for type_ in REACTIONS}))
