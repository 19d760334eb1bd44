"""The latest orders with their lines, what became of each, and what the person buys and where."""

from collections.abc import Iterable
from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, added, with_change, with_new
from shared.events import Event

ORDERS, LINES, PRODUCTS = 10, 20, 100
LINE = ("sku", "name", "category", "quantity", "unit_price", "amount", "configuration")
STATUS = {"OrderShipped": "shipped", "OrderDelivered": "delivered", "OrderCancelled": "cancelled"}


def project(state: State, event: Event) -> dict[str, Any]:
    """Keep the latest orders and follow them by their own stream; count habits over all orders."""
    data = event.data
    match event.type:
        case "OrderPlaced":
            return _habits(with_new(state, "orders", data["order_id"], _order(event), ORDERS), event)
        case "OrderReturned":
            return _add(state, data["order_id"], "returned", data["value"]["amount"])
        case "OrderPaymentRecorded":
            return _add(state, data["order_id"], "paid", data["amount"]["amount"])
        case "DeliveryPromised":
            return with_change(state, "orders", data["order_id"], promised_on=data["promised_on"])
    status = STATUS[event.type]
    return with_change(
        state, "orders", data["order_id"], status=status, **{f"{status}_at": event.occurred_at}
    )


def _order(event: Event) -> dict[str, Any]:
    data = event.data
    lines = [{name: line[name] for name in LINE if name in line} for line in data["lines"][:LINES]]
    named = {name: data[name] for name in ("order_no", "total", "quote_id", "offer_code") if name in data}
    return {
        **named, "status": "placed", "at": event.occurred_at, "by": event.id, "channel": event.meta.channel,
        "lines": lines, "lines_left_out": max(0, len(data["lines"]) - LINES),
    }  # fmt: skip


def _add(state: State, order_id: str, name: str, amount: int) -> dict[str, Any]:
    known = state.get("orders", {}).get(order_id, {})
    return with_change(state, "orders", order_id, **{name: known.get(name, 0) + amount})


def _habits(state: dict[str, Any], event: Event) -> dict[str, Any]:
    lines: Iterable[State] = event.data["lines"]
    categories = {str(line["category"]): 1 for line in lines if line.get("category")}
    state["channels"] = added(state.get("channels"), **{event.meta.channel: 1})
    state["categories"] = added(state.get("categories"), **categories)
    state["products"] = _bought({str(line["sku"]) for line in lines}, state.get("products", {}), event)
    return state


def _bought(skus: Iterable[str], known: State, event: Event) -> dict[str, Any]:
    """Return the articles bought last, each with the last time."""
    latest = {**known, **{sku: max(known.get(sku, event.occurred_at), event.occurred_at) for sku in skus}}
    kept = sorted(latest, key=lambda sku: (latest[sku], sku))[-PRODUCTS:]
    return {sku: latest[sku] for sku in kept}


TYPES = frozenset(
    {"OrderPlaced", "OrderReturned", "OrderPaymentRecorded", "DeliveryPromised", *STATUS}
)  # fmt: skip
SECTION = Section("recent_orders", TYPES, project)
