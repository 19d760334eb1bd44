"""The customer view as a whole: who hears what, provenance, erasure."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
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
from services.analytics.views.customer.section import Fold, Section
from services.analytics.views.latest import State
from shared.events import Event
from shared.project.projection import Projection

SECTIONS: Mapping[str, Section] = {
    module.SECTION.name: module.SECTION
    for module in (
        identity, profile, contact_points, channels, orders, opportunities, campaigns, tickets, last_contact,
    )
}  # fmt: skip
ERASED = "ContactErased"
_NOTHING: Mapping[str, Any] = {}
# Event type -> name, fold and secrecy of every section that hears it.
_HEARD: defaultdict[str, list[tuple[str, Fold, bool]]] = defaultdict(list)
for _section in SECTIONS.values():
    for _type in _section.types:
        _HEARD[_type].append((_section.name, _section.project, _section.personal))


def project(view: State | None, event: Event) -> dict[str, Any]:
    """Fold an event into every section that hears it, and note it as one more event behind the section."""
    known = dict(view or {})
    if event.type == ERASED:
        return _erased(known, event)
    provenance, moment = dict(known.get("provenance", {})), (event.occurred_at, event.id)
    for name, fold, personal in _HEARD.get(event.type, ()):
        if not (personal and "erased_at" in known):
            known[name] = fold(known.get(name, _NOTHING), event)
        provenance[name] = _one_more(provenance.get(name), moment)
    if event.type in orders.SECTION.types:
        known["leading"] = _leading(known["orders"]["value"])
    known["provenance"] = provenance
    return known


def _one_more(source: State | None, moment: tuple[datetime, str]) -> dict[str, Any]:
    if source is None:
        return {"events": 1, "by": moment[1], "at": moment[0]}
    at, by = max(moment, (source["at"], source["by"]))
    return {"events": source["events"] + 1, "by": by, "at": at}


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
