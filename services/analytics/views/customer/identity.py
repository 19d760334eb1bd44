"""Who the customer is: contacts, kinds of identifiers, how far known, first and last seen."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.customer.touches import TOUCHES
from services.analytics.views.latest import State, earliest, latest, with_item
from shared.events import Event

TYPES = frozenset(
    {
        "ContactRegistered",
        "ContactIdentified",
        "ContactIdentifierLinked",
        "ContactIdentifierUnlinked",
        "OrderPlaced",
    }
)


def project(identity: State, event: Event) -> dict[str, Any]:
    """Merges are told by the alias forest and leave no mark here, so that undoing one leaves none either."""
    known = dict(identity)
    data = event.data
    match event.type:
        case "ContactRegistered":
            known["contacts"] = sorted({*known.get("contacts", ()), data["contact_id"]})
            known["known"] = known.get("known", False) or data["kind"] == "known"
        case "ContactIdentified":
            known["known"] = True
        case "ContactIdentifierLinked":
            known = with_item(known, "linked", f"{data['contact_id']}/{data['ref']}", data["kind"])
        case "ContactIdentifierUnlinked":
            known = with_item(known, "linked", f"{data['contact_id']}/{data['ref']}", None)
        case "OrderPlaced":
            known["bought"] = True
    return _seen(known, event)


def lifecycle(identity: State) -> str:
    """Return anonymous, prospect or customer."""
    if identity.get("bought"):
        return "customer"
    return "prospect" if identity.get("known") else "anonymous"


def _seen(known: dict[str, Any], event: Event) -> dict[str, Any]:
    if event.type in TOUCHES:
        known["first_seen"] = earliest(known.get("first_seen"), event.occurred_at)
        known["last_seen"] = latest(known.get("last_seen"), event.occurred_at)
    return known


SECTION = Section("identity", TYPES | TOUCHES.keys(), project)
