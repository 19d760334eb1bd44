"""The open tickets of a person, under each ref that support knows: for them marketing may wait."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.campaigns.domain.campaign.plan import Hold
from shared.contracts.payload import from_data, to_data
from shared.events import Event
from shared.values import Id

ENDED = frozenset({"TicketResolved", "TicketClosed", "TicketMarkedSpam", "TicketsMerged"})
TOLD = ("TicketOpened", "TicketReopened", "TicketEscalated", *sorted(ENDED))


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket that is being worked on."""

    id: Id
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class Tickets:
    """The tickets open under one ref."""

    open: tuple[OpenTicket, ...] = ()


def asker(event: Event) -> Sequence[str]:
    """Return the ref of the person a ticket's event is about, as support knows it."""
    return (event.meta.customer,) if event.meta.customer else ()


def told(tickets: Tickets, event: Event, _: str) -> Tickets:
    """Return the tickets open after an event."""
    key = str(event.data["absorbed_id" if event.type == "TicketsMerged" else "ticket_id"])
    others = tuple(ticket for ticket in tickets.open if ticket.id != key)
    if event.type in ENDED:
        return replace(tickets, open=others)
    known = next((ticket for ticket in tickets.open if ticket.id == key), OpenTicket(key))
    raised = known.escalated or event.type == "TicketEscalated"
    return replace(tickets, open=(*others, replace(known, escalated=raised)))


def holds(policy: Hold, tickets: Iterable[OpenTicket]) -> bool:
    """Tell whether a campaign with this policy waits for these tickets."""
    match policy:
        case "open":
            return any(True for _ in tickets)
        case "escalated":
            return any(ticket.escalated for ticket in tickets)
    return False


def to_document(tickets: Tickets) -> dict[str, Any]:
    """Return the stored form; `from_document` is its inverse."""
    data: dict[str, Any] = to_data(tickets)
    return data


def from_document(document: Mapping[str, Any]) -> Tickets:
    """Return the tickets of a stored document."""
    return from_data(Tickets, document)
