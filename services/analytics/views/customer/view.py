"""The customer view as a whole: who hears what, provenance, erasure."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from services.analytics.views.customer import (
    campaigns,
    channels,
    contact_points,
    identity,
    last_contact,
    opportunities,
    orders,
    profile,
    tickets,
)  # fmt: skip
from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, later
from shared.events import Event
from shared.project.projection import Projection

SECTIONS: Mapping[str, Section] = {
    module.SECTION.name: module.SECTION
    for module in (
        identity, profile, contact_points, channels, orders, opportunities, campaigns, tickets, last_contact,
    )
}  # fmt: skip
ERASED = "ContactErased"
_HEARD: defaultdict[str, list[Section]] = defaultdict(list)
for _section in SECTIONS.values():
    for _type in _section.types:
        _HEARD[_type].append(_section)


def project(view: State | None, event: Event) -> dict[str, Any]:
    """Fold an event into every section that hears it, and note it as one more event behind the section."""
    known = dict(view or {})
    if event.type == ERASED:
        return _erased(known, event)
    provenance = dict(known.get("provenance", {}))
    for section in _HEARD.get(event.type, ()):
        if not (section.personal and "erased_at" in known):
            known[section.name] = section.project(known.get(section.name, {}), event)
        provenance[section.name] = _one_more(provenance.get(section.name), event)
    if "orders" in known:
        known["leading"] = _leading(known["orders"].get("value", {}))
    return {**known, "provenance": provenance}


def _one_more(source: State | None, event: Event) -> dict[str, Any]:
    count = source["events"] + 1 if source else 1
    if source is None or later(source, event):
        return {"events": count, "by": event.id, "at": event.occurred_at}
    return {**source, "events": count}


def _erased(view: dict[str, Any], event: Event) -> dict[str, Any]:
    kept = {name: part for name, part in view.items() if name not in SECTIONS or not SECTIONS[name].personal}
    return {**kept, "erased_at": min(view.get("erased_at", event.occurred_at), event.occurred_at)}


def _leading(value: State) -> dict[str, Any]:
    """Return the currency with the largest gross value and its net: what customers are ranked by."""
    currency = max(value, key=lambda c: (value[c]["gross"], c))
    return {"currency": currency, "net": value[currency]["net"]}


CUSTOMER = Projection(
    name="customer",
    version=1,
    types=frozenset(_HEARD) | {ERASED},
    project=project,
    indexes=((("leading.currency", 1), ("leading.net", 1)),),
)
