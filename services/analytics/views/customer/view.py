"""The customer view as a whole: who hears what, provenance, erasure.

It is folded as two projections of one form: `customer` holds what every contact changes, `customer_records`
what is longer and changes less often, so that a page view does not write all orders anew.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from services.analytics.views.customer import (
    agreements,
    campaigns,
    channels,
    consents,
    contact_points,
    identity,
    journeys,
    last_contact,
    leads,
    messages,
    notes,
    opportunities,
    orders,
    organizations,
    preferences,
    profile,
    promises,
    quotes,
    recent_orders,
    referrals,
    satisfaction,
    standing,
    tickets,
)  # fmt: skip
from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State
from shared.events import Event
from shared.project.projection import Projection

OFTEN = (
    identity.SECTION, profile.SECTION, contact_points.SECTION, channels.SECTION, orders.SECTION,
    opportunities.SECTION, campaigns.SECTION, tickets.SECTION, last_contact.SECTION, notes.SECTION,
    notes.KINDS,
)  # fmt: skip
SELDOM = (
    consents.SECTION, preferences.SECTION, organizations.SECTION, recent_orders.SECTION, quotes.SECTION,
    leads.SECTION, agreements.SECTION, promises.SECTION, satisfaction.SECTION, messages.SECTION,
    journeys.JOURNEYS, journeys.OFFERS, referrals.SECTION, standing.SECTION,
)  # fmt: skip
SECTIONS: Mapping[str, Section] = {section.name: section for section in (*OFTEN, *SELDOM)}
ERASED = "ContactErased"
_NOTHING: Mapping[str, Any] = {}
Project = Callable[[State | None, Event], dict[str, Any]]


def folding(sections: Iterable[Section]) -> Project:
    """Return the fold of these sections: every one hears its types, and every event behind it is counted."""
    heard: dict[str, list[Section]] = {}
    for section in sections:
        for type_ in section.types:
            heard.setdefault(type_, []).append(section)

    def project(view: State | None, event: Event) -> dict[str, Any]:
        known = dict(view or {})
        if event.type == ERASED:
            return _erased(known, event)
        provenance, moment = dict(known.get("provenance", {})), (event.occurred_at, event.id)
        for section in heard.get(event.type, ()):
            if not section.hears(event):
                continue
            if not (section.personal and "erased_at" in known):
                known[section.name] = section.project(known.get(section.name, _NOTHING), event)
            provenance[section.name] = _one_more(provenance.get(section.name), moment)
        known["provenance"] = provenance
        return known

    return project


def _one_more(source: State | None, moment: tuple[datetime, str]) -> dict[str, Any]:
    if source is None:
        return {"events": 1, "by": moment[1], "at": moment[0]}
    at, by = max(moment, (source["at"], source["by"]))
    return {"events": source["events"] + 1, "by": by, "at": at}


def _erased(view: dict[str, Any], event: Event) -> dict[str, Any]:
    kept = {name: part for name, part in view.items() if name not in SECTIONS or not SECTIONS[name].personal}
    return {**kept, "erased_at": min(view.get("erased_at", event.occurred_at), event.occurred_at)}


_often = folding(OFTEN)


def project(view: State | None, event: Event) -> dict[str, Any]:
    """Fold an event into the sections that change often, and rank the customer by what was bought."""
    known = _often(view, event)
    if event.type in orders.SECTION.types:
        known["leading"] = _leading(known["orders"]["value"])
    return known


def _leading(value: State) -> dict[str, Any]:
    """Return the currency with the largest gross value and its net: what customers are ranked by."""
    currency = max(value, key=lambda c: (value[c]["gross"], c))
    return {"currency": currency, "net": value[currency]["net"]}


def whole(*halves: State | None) -> dict[str, Any]:
    """Return the view of a customer out of its halves; of one that is not there nothing is told."""
    known = [half for half in halves if half]
    provenance = {name: source for half in known for name, source in half.get("provenance", {}).items()}
    return {**{name: part for half in known for name, part in half.items()}, "provenance": provenance}


def types_of(sections: Iterable[Section]) -> frozenset[str]:
    """Return every event type that one of the sections hears, and the erasure."""
    return frozenset({ERASED}).union(*(section.types for section in sections))


CUSTOMER = Projection(
    name="customer",
    version=3,
    types=types_of(OFTEN),
    project=project,
    indexes=((("leading.currency", 1), ("leading.net", 1)),),
)
RECORDS = Projection(name="customer_records", version=2, types=types_of(SELDOM), project=folding(SELDOM))
