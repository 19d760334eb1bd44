"""Promises to the customer: days of delivery and service levels, kept or not."""

from datetime import date
from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_item
from shared.events import Event

COUNTED = {"SlaTargetMet": "answers_in_time", "SlaTargetBreached": "answers_late"}
TYPES = frozenset({"DeliveryPromised", "OrderDelivered", "OrderCancelled", *COUNTED})


def project(promises: State, event: Event) -> dict[str, Any]:
    """Judge a delivery by the day promised last; an order without a promise makes none."""
    if event.type in COUNTED:
        return _counted(promises, **{COUNTED[event.type]: 1})
    number = event.data["order_id"]
    if event.type == "DeliveryPromised":
        return with_item(promises, "open", number, {"promised_on": event.data["promised_on"]})
    promise = promises.get("open", {}).get(number)
    ended = with_item(promises, "open", number, None) if promise else dict(promises)
    return _judged(ended, promise, event) if promise and event.type == "OrderDelivered" else ended


def _judged(promises: State, promise: State, event: Event) -> dict[str, Any]:
    """Count a delivery; the margin is promised less delivered, in days: below zero when it was late."""
    margin = (date.fromisoformat(promise["promised_on"]) - delivered_on(event)).days
    steps = {"kept": 1} if margin >= 0 else {"broken": 1}
    return _counted(promises, **steps, margin_days=margin)


def delivered_on(event: Event) -> date:
    """Return the day of delivery: the day told, else the one it happened on."""
    told = event.data.get("delivered_at")
    return date.fromisoformat(told[:10]) if told else event.occurred_at.date()


def _counted(promises: State, **steps: int) -> dict[str, Any]:
    return {**promises, **added({name: promises.get(name, 0) for name in steps}, **steps)}


SECTION = Section("promises", TYPES, project)
