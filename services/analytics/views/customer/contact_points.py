"""How the person can be reached: identifiers and contact points with their sealed values."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, stamp, with_change, with_item
from shared.events import Event

LINKED = ("ContactIdentifierLinked", "ContactPointAdded")
GONE = ("ContactIdentifierUnlinked", "ContactPointRemoved")
TYPES = frozenset({*LINKED, *GONE, "ContactPointVerified", "ContactPointMadePrimary"})


def project(points: State, event: Event) -> dict[str, Any]:
    """One point per contact and identifier, so that parting two contacts leaves each its own."""
    data = event.data
    key = f"{data['contact_id']}/{data['ref'] if 'ref' in data else 'point:' + data['point_id']}"
    if event.type in GONE:
        return with_item(points, "items", key, None)
    if event.type in LINKED:
        return with_item(points, "items", key, _point(event))
    if event.type == "ContactPointVerified":
        return with_change(points, "items", key, verified=data["method"])
    return _made_primary(points, key, event)


def _point(event: Event) -> dict[str, Any]:
    told = {name: event.data[name] for name in ("kind", "value", "strength", "shared") if name in event.data}
    return stamp(event, stream=event.stream, **told)


def _made_primary(points: State, key: str, event: Event) -> dict[str, Any]:
    """Of the points of one kind of a contact one is primary."""
    owner, kind = f"{event.data['contact_id']}/", event.data["kind"]
    items = {
        k: {**point, "primary": k == key} if k.startswith(owner) and point["kind"] == kind else point
        for k, point in points.get("items", {}).items()
    }
    return {**points, "items": items}


SECTION = Section("contact_points", TYPES, project, personal=True)
