"""How the person can be reached: the linked identifiers with their sealed values."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, stamp, with_item
from shared.events import Event


def project(points: State, event: Event) -> dict[str, Any]:
    """One point per contact and identifier, so that parting two contacts leaves each its own."""
    data = event.data
    key = f"{data['contact_id']}/{data['ref']}"
    if event.type == "ContactIdentifierUnlinked":
        return with_item(points, "items", key, None)
    strength = data.get("strength")
    point = stamp(event, kind=data["kind"], value=data["value"], strength=strength, stream=event.stream)
    return with_item(points, "items", key, point)


TYPES = frozenset({"ContactIdentifierLinked", "ContactIdentifierUnlinked"})
SECTION = Section("contact_points", TYPES, project, personal=True)
