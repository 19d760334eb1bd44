"""Leads: where an interest came from, who looks after it, and what became of it."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, with_change, with_new
from shared.events import Event

LEADS = 20
STATUS = {
    "LeadQualified": "qualified", "LeadDisqualified": "disqualified", "LeadRecycled": "recycled",
    "LeadConverted": "converted", "LeadMarkedDuplicate": "duplicate", "LeadContactAttempted": "working",
}  # fmt: skip
TOLD = ("owner", "score", "opportunity_id", "reason_code", "until")
TYPES = frozenset({*STATUS, "LeadCaptured", "LeadAssigned", "LeadScored"})


def project(leads: State, event: Event) -> dict[str, Any]:
    """Follow every lead by its own stream."""
    data, number = event.data, event.data["lead_id"]
    if event.type == "LeadCaptured":
        told = {name: data[name] for name in ("source", "channel", "campaign_id") if name in data}
        return with_new(leads, "items", number, {"status": "new", "at": event.occurred_at, **told}, LEADS)
    status = {"status": STATUS[event.type]} if event.type in STATUS else {}
    known = leads.get("items", {}).get(number, {})
    if event.type == "LeadContactAttempted" and known.get("status") not in ("new", "working"):
        status = {}
    return with_change(leads, "items", number, **status, **{n: data[n] for n in TOLD if n in data})


SECTION = Section("leads", TYPES, project)
