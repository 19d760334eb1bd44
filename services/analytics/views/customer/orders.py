"""What the customer bought: counts, and value per currency net of returns and cancellations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, earliest, latest
from shared.days import DAY
from shared.events import Event


def project(orders: State, event: Event) -> dict[str, Any]:
    """Add what the event adds; money is in minor units."""
    data = event.data
    known = dict(orders)
    match event.type:
        case "OrderPlaced":
            known["first_at"] = earliest(known.get("first_at"), event.occurred_at)
            known["last_at"] = latest(known.get("last_at"), event.occurred_at)
            return _book({**known, "count": known.get("count", 0) + 1}, data["total"], "gross")
        case "OrderReturned":
            return _book({**known, "returns": known.get("returns", 0) + 1}, data["value"], "returned")
        case _:
            return _book(
                {**known, "cancellations": known.get("cancellations", 0) + 1}, data["value"], "cancelled"
            )


def _book(orders: dict[str, Any], money: Mapping[str, Any], column: str) -> dict[str, Any]:
    amount, currency = money["amount"], money["currency"]
    known = orders.get("value", {}).get(currency, {"gross": 0, "returned": 0, "cancelled": 0, "net": 0})
    sums = added(known, **{column: amount}, net=amount if column == "gross" else -amount)
    return {**orders, "value": {**orders.get("value", {}), currency: sums}}


def shown(orders: State, _: datetime) -> dict[str, Any]:
    """Return the section with the cadence: mean days between two orders, None before the second."""
    gaps = orders.get("count", 0) - 1
    span = (orders["last_at"] - orders["first_at"]) / DAY if gaps > 0 else 0.0
    return {**orders, "cadence_days": round(span / gaps, 2) if gaps > 0 else None}


TYPES = frozenset({"OrderPlaced", "OrderReturned", "OrderCancelled"})
SECTION = Section("orders", TYPES, project, show=shown)
