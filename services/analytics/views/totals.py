"""Sums over all customers, kept by small keys: revenue, campaign responses, sales pipeline."""

from collections.abc import Mapping
from typing import Any

from services.analytics.views.latest import State, added, month_of
from shared.events import Event
from shared.project.projection import Projection


def revenue_key(event: Event) -> str:
    """Month and country."""
    return f"{month_of(event)}|{event.data.get('country') or ''}"


def revenue(view: State | None, event: Event) -> dict[str, Any]:
    """Add an order, return or cancellation to its month and country, in minor units per currency."""
    known = view or {"month": month_of(event), "country": event.data.get("country") or "", "value": {}}
    name, column, money = {
        "OrderPlaced": ("orders", "gross", "total"),
        "OrderReturned": ("returns", "returned", "value"),
        "OrderCancelled": ("cancellations", "cancelled", "value"),
    }[event.type]
    amount, currency = event.data[money]["amount"], event.data[money]["currency"]
    net = amount if column == "gross" else -amount
    value = {**known["value"], currency: added(known["value"].get(currency), **{column: amount, "net": net})}
    return {**known, name: known.get(name, 0) + 1, "value": value}


def responses_key(event: Event) -> str:
    """Campaign, month and medium."""
    return f"{event.data['campaign_id']}|{month_of(event)}|{event.data.get('medium') or ''}"


def responses(view: State | None, event: Event) -> dict[str, Any]:
    """Count contacts, attempts and responses."""
    data = event.data
    start = {"campaign": data["campaign_id"], "month": month_of(event), "medium": data.get("medium") or ""}
    if event.type == "ContactAttempted":
        steps = {"contacts": 1, "attempts": int(data["attempts"])}
    else:
        steps = {"responses": 1}
    known = view or start
    return {**known, **added({name: known.get(name, 0) for name in steps}, **steps)}


COUNTED = {"OpportunityOpened": "opened", "OpportunityWon": "won", "OpportunityLost": "lost"}


def pipeline_key(event: Event) -> str | None:
    """Month and owner: what closes a deal names no pipeline. Reopening belongs to the month of the close."""
    if event.type == "OpportunityReopened" and not event.data.get("closed_at"):
        return None  # recorded before reopening said what it takes back
    return f"{_month(event)}|{event.data.get('owner') or ''}"


def _month(event: Event) -> str:
    return str(event.data["closed_at"])[:7] if event.type == "OpportunityReopened" else month_of(event)


def pipeline(view: State | None, event: Event) -> dict[str, Any]:
    """Count what was opened, won and lost in the month, sum what was won; take back what was reopened."""
    data, back = event.data, event.type == "OpportunityReopened"
    known = dict(view or {"month": _month(event), "owner": data.get("owner") or ""})
    name = data["was"] if back else COUNTED[event.type]
    step = -1 if back else 1
    known[name] = known.get(name, 0) + step
    if name == "won" and data.get("amount"):
        won: Mapping[str, int] = known.get("won_value", {})
        known["won_value"] = added(won, **{data["amount"]["currency"]: step * data["amount"]["amount"]})
    return known


REVENUE = Projection(
    "revenue", 1, frozenset({"OrderPlaced", "OrderReturned", "OrderCancelled"}), revenue, revenue_key
)
RESPONSES = Projection(
    "responses", 1, frozenset({"ContactAttempted", "CampaignResponseRecorded"}), responses, responses_key
)
PIPELINE = Projection(
    "pipeline",
    3,
    frozenset({*COUNTED, "OpportunityReopened"}),
    pipeline,
    pipeline_key,
)
TOTALS = (REVENUE, RESPONSES, PIPELINE)
