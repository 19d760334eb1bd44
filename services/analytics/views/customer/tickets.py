"""Tickets: the open ones, and how many were opened, solved and closed."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_item
from shared.events import Event

COUNTED = {
    "TicketOpened": "opened", "TicketResolved": "resolved", "TicketReopened": "reopened",
    "TicketClosed": "closed", "TicketMarkedSpam": "spam",
}  # fmt: skip
TYPES = frozenset({*COUNTED, "PriorityChanged", "TicketEscalated"})


def project(tickets: State, event: Event) -> dict[str, Any]:
    """Follow every ticket by its own stream."""
    data, number = event.data, event.data["ticket_id"]
    known = tickets.get("open", {}).get(number, {})
    state = dict(tickets)
    if event.type in COUNTED:
        name = COUNTED[event.type]
        state |= added({name: state.get(name, 0)}, **{name: 1})
    match event.type:
        case "TicketOpened":
            opened = {"status": "open", "priority": data.get("priority"), "opened_at": event.occurred_at}
            return with_item(state, "open", number, {**opened, "category": data.get("category")})
        case "PriorityChanged":
            return with_item(state, "open", number, {**known, "priority": data["to_priority"]})
        case "TicketEscalated":
            return with_item(state, "open", number, {**known, "level": data["level"]})
        case "TicketClosed" | "TicketMarkedSpam":
            return with_item(state, "open", number, None)
        case _:
            status = "resolved" if event.type == "TicketResolved" else "open"
            return with_item(state, "open", number, {**known, "status": status})


SECTION = Section("tickets", TYPES, project)
