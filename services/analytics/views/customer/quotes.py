"""Quotes: the latest ones with lines, state and last valid day; accepted and rejected ones as sums."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_change, with_new
from shared.events import Event

QUOTES, LINES = 20, 20
STATUS = {
    "QuoteDrafted": "draft", "QuoteSent": "sent", "QuoteAccepted": "accepted", "QuoteRejected": "rejected",
    "QuoteExpired": "expired", "QuoteWithdrawn": "withdrawn",
}  # fmt: skip
TYPES = frozenset({*STATUS, "QuoteRevised", "QuoteValidityExtended"})


def project(quotes: State, event: Event) -> dict[str, Any]:
    """Follow every quote by its own stream."""
    data, number = event.data, event.data["quote_id"]
    match event.type:
        case "QuoteDrafted":
            begun = {"status": "draft", "opportunity_id": data["opportunity_id"], "at": event.occurred_at}
            return with_new(quotes, "items", number, {**begun, **_offered(data)}, QUOTES)
        case "QuoteRevised":
            return with_change(quotes, "items", number, **_offered(data))
        case "QuoteSent":
            return with_change(quotes, "items", number, status="sent", valid_until=data["valid_until"])
        case "QuoteValidityExtended":
            return with_change(quotes, "items", number, status="sent", valid_until=data["to_date"])
        case "QuoteAccepted" | "QuoteRejected":
            quotes = _count(quotes, event)
    return with_change(quotes, "items", number, status=STATUS[event.type])


def _offered(data: State) -> dict[str, Any]:
    known = {name: data[name] for name in ("revision", "total", "offer_code") if name in data}
    return {**known, "lines": data["lines"][:LINES], "lines_left_out": max(0, len(data["lines"]) - LINES)}


def _count(quotes: State, event: Event) -> dict[str, Any]:
    name = STATUS[event.type]
    counted = {**quotes, name: quotes.get(name, 0) + 1}
    if total := event.data.get("total"):
        counted["value"] = added(quotes.get("value"), **{total["currency"]: total["amount"]})
    return counted


SECTION = Section("quotes", TYPES, project)
