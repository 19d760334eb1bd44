"""Tickets: the open ones with their service-level clocks, the latest closed ones with how they went."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_change, with_item, with_new
from shared.events import Event

PAST = 20
COUNTED = {
    "TicketOpened": "opened", "TicketResolved": "resolved", "TicketReopened": "reopened",
    "TicketClosed": "closed", "TicketMarkedSpam": "spam", "TicketsMerged": "merged",
}  # fmt: skip
CLOCKS = {
    "SlaClockStarted": "running", "SlaClockResumed": "running", "SlaClockPaused": "paused",
    "SlaTargetMet": "met", "SlaTargetBreached": "breached", "SlaClockCancelled": "cancelled",
}  # fmt: skip
JUDGED = ("met", "breached")
TOLD = {
    "PriorityChanged": ("priority",), "TicketEscalated": ("level",), "TicketAssigned": ("team", "handler"),
    "TicketClassified": ("category", "tier"), "TicketHeld": ("waiting_on", "until"),
}  # fmt: skip
TYPES = frozenset({*COUNTED, *CLOCKS, *TOLD, "TicketResumed"})


def project(tickets: State, event: Event) -> dict[str, Any]:
    """Follow every ticket by its own stream."""
    number = event.data.get("ticket_id") or event.data["absorbed_id"]
    state, known = dict(tickets), tickets.get("open", {}).get(number)
    if event.type in COUNTED:
        name = COUNTED[event.type]
        state |= added({name: state.get(name, 0)}, **{name: 1})
    if event.type == "TicketOpened":
        return with_item(state, "open", number, _opened(event))
    if known is None:
        return state
    if event.type in ("TicketClosed", "TicketMarkedSpam", "TicketsMerged"):
        return _over(state, number, known, event)
    if event.type in CLOCKS:
        return with_item(state, "open", number, _clocked(known, event))
    return with_change(state, "open", number, **_told(event))


def _opened(event: Event) -> dict[str, Any]:
    told = {
        name: event.data[name]
        for name in ("priority", "category", "origin", "order_no", "tier")
        if name in event.data
    }
    return {"status": "open", "opened_at": event.occurred_at, **told}


def _told(event: Event) -> dict[str, Any]:
    data = event.data
    match event.type:
        case "PriorityChanged":
            return {"priority": data["to_priority"]}
        case "TicketResolved":
            return {"status": "resolved", "resolution_code": data["resolution_code"]}
        case "TicketHeld":
            return {"status": "held", "waiting_on": data["waiting_on"], "until": data.get("until")}
        case "TicketReopened" | "TicketResumed":
            return {"status": "open", "waiting_on": None, "until": None}
    return {name: data[name] for name in TOLD[event.type] if name in data}


def _clocked(ticket: State, event: Event) -> dict[str, Any]:
    """Note where a clock stands; a breach stays whatever comes after it (T-4)."""
    key, clocks = f"{event.data['kind']}.{event.data['cycle']}", ticket.get("clocks", {})
    known = clocks.get(key, {})
    state = known.get("state") if known.get("state") == "breached" else CLOCKS[event.type]
    due = event.data.get("due_at", known.get("due_at"))
    return {**ticket, "clocks": {**clocks, key: {"state": state, "due_at": due}}}


def _over(state: State, number: str, ticket: State, event: Event) -> dict[str, Any]:
    """File a closed ticket; one that was no question or goes on in another leaves no outcome (T-7)."""
    ended = with_item(state, "open", number, None)
    if event.type != "TicketClosed":
        return ended
    states = [clock["state"] for clock in ticket.get("clocks", {}).values()]
    outcome = {name: states.count(name) for name in JUDGED}
    filed = {name: ticket[name] for name in ("opened_at", "category", "resolution_code") if name in ticket}
    past = {**filed, "at": ticket["opened_at"], "closed_at": event.occurred_at, **outcome}
    sla = added(ended.get("sla"), **outcome)
    return with_new({**ended, "sla": sla}, "past", number, past, PAST)


SECTION = Section("tickets", TYPES, project)
