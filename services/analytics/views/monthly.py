"""Small tables by period: channels, the web shop's speed and orders, use by staff, quality of the data."""

from typing import Any

from services.analytics.views.customer.touches import TOUCHES, is_touch, kind_of
from services.analytics.views.facts_contacts import CONTACT, IMPORT
from services.analytics.views.facts_kinds import KIND_OF
from services.analytics.views.latest import State, added, month_of
from shared.events import Event
from shared.project.projection import Projection

STAFF = "staff:"
PERIOD = ((("period", 1),),)


def week_of(event: Event) -> str:
    """Return the ISO week in which it was recorded, such as 2026-W19."""
    year, week, _ = event.recorded_at.isocalendar()
    return f"{year}-W{week:02}"


def mix_key(event: Event) -> str | None:
    """Return month, channel and kind of a contact."""
    return "|".join((month_of(event), event.meta.channel, kind_of(event))) if is_touch(event) else None


def mixed(view: State | None, event: Event) -> dict[str, Any]:
    """Count a contact in its month, channel and kind."""
    known = view or {"period": month_of(event), "channel": event.meta.channel, "kind": kind_of(event)}
    return {**known, **added({"contacts": known.get("contacts", 0)}, contacts=1)}


CHANNEL_MIX = Projection("channel_mix", 1, frozenset(TOUCHES), mixed, mix_key, PERIOD)


def used(view: State | None, event: Event) -> dict[str, Any]:
    """Count what a person entered, and what the system captured by itself; late entries by their delay."""
    known = dict(view or {"period": week_of(event), "users": {}})
    delay = max(0, int((event.recorded_at - event.occurred_at).total_seconds()))
    if event.meta.actor.startswith(STAFF):
        steps = {"manual": 1, "delay_s": delay}
        known["users"] = added(known["users"], **{event.meta.actor.removeprefix(STAFF): 1})
    else:
        steps = {"automatic": 1}
    return {**known, **added({name: known.get(name, 0) for name in steps}, **steps)}


# What a contact is known by follows from what was entered: counted too, one entry would be several.
ENTERED = frozenset(KIND_OF) - CONTACT.kept.keys() - IMPORT.kept.keys()
ADOPTION = Projection("adoption", 1, ENTERED, used, week_of, PERIOD)

NAMED = {
    "ContactRegistered": "registered", "DuplicateSuspected": "duplicates_suspected",
    "DuplicateDismissed": "duplicates_dismissed", "ContactsMerged": "merged", "ContactsUnmerged": "unmerged",
    "ContactIdentifierUnlinked": "identifiers_unlinked", "ImportRowAccepted": "rows_accepted",
    "ImportRowRejected": "rows_rejected", "InteractionCorrected": "corrected",
    "ProfileAttributeChanged": "attributes_learned",
}  # fmt: skip


def judged(view: State | None, event: Event) -> dict[str, Any]:
    """Count what tells of the quality of the data; attributes by their field."""
    known = dict(view or {"period": month_of(event), "fields": {}})
    if event.type == "ProfileAttributeChanged":
        known["fields"] = added(known["fields"], **{event.data["field"]: 1})
    name = NAMED[event.type]
    return {**known, name: known.get(name, 0) + 1}


DATA_QUALITY = Projection("data_quality", 1, frozenset(NAMED), judged, month_of, PERIOD)
SEEN, SLOW_MS = ("page_view", "screen_view"), 2_500
DIGITAL = ("web", "mobile_app")


def site_key(event: Event) -> str | None:
    """Return month and channel of what was seen or ordered in the web shop or the app."""
    heard = event.type == "OrderPlaced" or event.data.get("kind") in SEEN
    return f"{month_of(event)}|{event.meta.channel}" if heard and event.meta.channel in DIGITAL else None


def visited(view: State | None, event: Event) -> dict[str, Any]:
    """Count views and orders, and how long pages took; over 2.5 s is slow (web.dev: LCP)."""
    counted = dict.fromkeys(("views", "timed", "load_ms", "slow", "orders"), 0)
    known = dict(view or {"period": month_of(event), "channel": event.meta.channel, **counted})
    took = event.data.get("load_ms")
    if event.type == "OrderPlaced":
        known["orders"] += 1
    else:
        known["views"] += 1
    if took is not None:
        known |= added(known, timed=1, load_ms=took, slow=int(took > SLOW_MS))
    known["mean_load_ms"] = known["load_ms"] // known["timed"] if known["timed"] else None
    known["orders_per_1000_views"] = 1_000 * known["orders"] // known["views"] if known["views"] else None
    return known


SITE = Projection("site", 1, frozenset({"InteractionRecorded", "OrderPlaced"}), visited, site_key, PERIOD)
MONTHLY = (CHANNEL_MIX, ADOPTION, DATA_QUALITY, SITE)
