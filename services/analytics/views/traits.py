"""Traits: what rules may ask of a customer, kept by day, folded from every service's events.

Counters are kept per day for ten years before the latest day of the counter; what is older is one sum. That
is as far as a rule can look back, and comes out the same in every order of arrival. Opens and clicks may be
judged anew, so each is remembered for ten years before the customer's latest one; what is older is forgotten,
count and all: a sum could no longer be set right.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from services.analytics.views.customer import consents
from services.analytics.views.customer.touches import TOUCHES, is_touch
from services.analytics.views.latest import State, earliest, later, stamp, with_item
from shared.events import Event
from shared.privacy.keeping import kept as kept_until
from shared.project.projection import Projection
from shared.segments.evaluate import day_of
from shared.segments.language import LONGEST_WINDOW

Counts = Iterator[tuple[str, int]]
BEFORE = "before"
ENGAGED = {"MessageOpened": "campaign_opens", "LinkClicked": "campaign_clicks"}
COUNTERS = frozenset(ENGAGED.values())
PAGES = ("page_view", "screen_view")
_NOTHING: Mapping[str, Any] = {}


def label(text: str) -> str:
    """Return a text as a part of a fact's path."""
    return re.sub(r"[^a-z0-9_]", "_", text.casefold())[:41]


def _order(event: Event) -> Counts:
    data, total = event.data, event.data["total"]
    yield "orders", 1
    yield f"net_value/{total['currency']}", total["amount"]
    for category in sorted({label(line["category"]) for line in data["lines"] if line.get("category")}):
        yield f"category/{category}", 1


def _taken_back(name: str) -> Callable[[Event], Counts]:
    def count(event: Event) -> Counts:
        value = event.data["value"]
        yield name, 1
        yield f"net_value/{value['currency']}", -value["amount"]

    return count


def _interaction(event: Event) -> Counts:
    if event.data["kind"] in PAGES:
        yield "pages", 1


def _once(name: str) -> Callable[[Event], Counts]:
    return lambda _: iter([(name, 1)])


COUNTED: Mapping[str, Callable[[Event], Counts]] = {
    "OrderPlaced": _order,
    "OrderReturned": _taken_back("returns"),
    "OrderCancelled": _taken_back("cancellations"),
    "InteractionRecorded": _interaction,
    "TicketOpened": _once("tickets"),
    "ContactAttempted": _once("campaign_touches"),
    "MessageSent": _once("campaign_touches"),
    "CampaignResponseRecorded": _once("campaign_responses"),
}


def counts_of(event: Event) -> Counts:
    """Yield what an event adds to which counters on its day."""
    if count := COUNTED.get(event.type):
        yield from count(event)
    if event.type in TOUCHES and is_touch(event):
        yield "interactions", 1
        yield f"channel/{label(event.meta.channel)}", 1


def _engaged(traits: State, event: Event) -> State:
    """Remember the day of an open or click, machines' too: a later rule may judge it anew (M-5)."""
    data, today = event.data, day_of(event.occurred_at)
    latest = traits.get("engaged_on", today)
    if today <= latest - LONGEST_WINDOW:
        return traits
    if today > latest:
        traits = _forgetful(traits, today - LONGEST_WINDOW)
    traits = {**traits, "engaged_on": max(latest, today)}
    seen = {"fact": ENGAGED[event.type], "day": today, "automated": data["automated"]}
    known = traits.get("engagements", _NOTHING).get(data["message_id"], _NOTHING)
    traits = with_item(traits, "engagements", data["message_id"], {**known, data["engagement_id"]: seen})
    return traits if data["automated"] else _added(traits, today, [(seen["fact"], 1)])


def _forgetful(traits: State, until: int) -> State:
    """Forget what was opened and clicked up to a day, and that it was counted."""
    messages = {
        number: kept
        for number, known in traits.get("engagements", _NOTHING).items()
        if (kept := {key: seen for key, seen in known.items() if seen["day"] > until})
    }
    days = {
        name: left
        for name, counter in traits.get("days", _NOTHING).items()
        if (left := _since(counter, until) if name in COUNTERS else counter)
    }
    rest = {name: part for name, part in traits.items() if name != "days"}
    return {**rest, "engagements": messages, **({"days": days} if days else {})}


def _since(counter: State, until: int) -> State:
    return {day: amount for day, amount in counter.items() if int(day) > until}


def _judged_anew(traits: State, event: Event) -> State:
    """Take back what was a machine's, and give what was a person's, on the day it was done."""
    data, number = event.data, event.data["message_id"]
    known = dict(traits.get("engagements", _NOTHING).get(number, _NOTHING))
    for key in data["engagement_ids"]:
        seen = known.get(key)
        if seen and seen["automated"] != data["automated"]:
            known[key] = {**seen, "automated": data["automated"]}
            traits = _added(traits, seen["day"], [(seen["fact"], -1 if data["automated"] else 1)])
    return with_item(traits, "engagements", number, known) if known else traits


def _ticket(traits: State, event: Event) -> State:
    is_open = True if event.type in ("TicketOpened", "TicketReopened") else None
    return with_item(traits, "open_tickets", event.data["ticket_id"], is_open)


def _survey(traits: State, event: Event) -> State:
    return _latest(traits, "surveys", event.data["kind"], event, value=event.data["score"])


def _preference(traits: State, event: Event) -> State:
    return _latest(traits, "preferences", label(event.data["topic"]), event, value=event.data["value"])


def _profile(traits: State, event: Event) -> State:
    if "erased_at" in traits:
        return traits
    to = {"value": event.data.get("to", ""), "stream": event.stream}
    return _latest(traits, "profile", label(event.data["field"]), event, **to, **kept_until(event.data))


def _consent(traits: State, event: Event) -> State:
    return {**traits, "consents": consents.project(traits.get("consents", _NOTHING), event)}


def _identified(traits: State, event: Event) -> State:
    if event.type == "ContactRegistered" and event.data["kind"] != "known":
        return traits
    return {**traits, "identified_at": earliest(traits.get("identified_at"), event.occurred_at)}


def _erased(traits: State, event: Event) -> State:
    kept = {name: part for name, part in traits.items() if name not in ("profile", "preferences")}
    return {**kept, "erased_at": earliest(traits.get("erased_at"), event.occurred_at)}


def _bought(traits: State, event: Event) -> State:
    first = earliest(traits.get("first_order_at"), event.occurred_at)
    return {**traits, "first_order_at": first, "buyer": True}


def _latest(traits: State, part: str, key: str, event: Event, **values: Any) -> State:
    known = traits.get(part, _NOTHING).get(key)
    return with_item(traits, part, key, stamp(event, **values)) if later(known, event) else traits


TOLD: Mapping[str, Callable[[State, Event], State]] = {
    "OrderPlaced": _bought,
    "MessageOpened": _engaged, "LinkClicked": _engaged, "EngagementReclassified": _judged_anew,
    "TicketOpened": _ticket, "TicketReopened": _ticket, "TicketClosed": _ticket, "TicketMarkedSpam": _ticket,
    "SurveyResponded": _survey,
    "PreferenceStated": _preference,
    "ProfileAttributeChanged": _profile, "ProfileAttributeExpired": _profile,
    "ConsentGranted": _consent, "ConsentWithdrawn": _consent,
    "ContactRegistered": _identified, "ContactIdentified": _identified,
    "ContactErased": _erased,
}  # fmt: skip


def project(view: State | None, event: Event) -> State:
    """Count the event on its day, and remember what it tells."""
    traits: State = view or {}
    if counts := list(counts_of(event)):
        traits = _added(traits, day_of(event.occurred_at), counts)
    tell = TOLD.get(event.type)
    return tell(traits, event) if tell else traits


def _added(traits: State, day: int, counts: Iterable[tuple[str, int]]) -> State:
    days = dict(traits.get("days", _NOTHING))
    for name, amount in counts:
        days[name] = _counted(days.get(name, _NOTHING), day, amount)
    return {**traits, "days": days}


def _counted(counter: State, day: int, amount: int) -> dict[str, int]:
    kept = {**counter, str(day): counter.get(str(day), 0) + amount}
    numbers = [int(name) for name in kept if name != BEFORE]
    oldest = max(numbers) - LONGEST_WINDOW
    if min(numbers) > oldest:
        return kept
    old = sum(kept.pop(str(number)) for number in numbers if number <= oldest)
    return {**kept, BEFORE: kept.get(BEFORE, 0) + old}


TRAITS = Projection(
    name="traits",
    version=4,
    types=frozenset(COUNTED) | frozenset(TOLD) | frozenset(TOUCHES),
    project=project,
    indexes=((("buyer", 1),),),
)
