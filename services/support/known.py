"""What support keeps of other services: facts of orders, addresses, tiers and segments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.events import Event
from shared.privacy.sealing import is_sealed
from shared.store.port import Store
from shared.store.write import Put, Remove, Write

ORDER_FACTS, ADDRESSES = "order_facts", "addresses"
TIERS, SEGMENTS = "tiers", "segments"
# What is kept of each event, and under which name; each fact of an order is a document of its own.
FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "OrderPlaced": ("placed", ("total", "lines")),
    "DeliveryPromised": ("promised", ("promised_on",)),
    "OrderShipped": ("shipped", ()),
    "OrderDelivered": ("delivered", ()),
    "OrderCancelled": ("cancelled", ()),
}
KEPT = dict(FACTS.values())
NAMES = tuple(KEPT)


def written(event: Event) -> list[Write]:
    """Return the writes by which what is known follows an event of another service."""
    data = event.data
    match event.type:
        case kind if kind in FACTS:
            return [_fact(event)]
        case "ContactIdentifierLinked":
            return _address(event, data["ref"])
        case "ContactIdentifierUnlinked":
            return [_no_address(data["contact_id"], data["ref"])]
        case "ContactPointAdded":
            return _address(event, data["point_id"])
        case "ContactPointRemoved":
            return [_no_address(data["contact_id"], data["point_id"])]
        case "CustomerValueTierChanged":
            return [_tier(data["customer"], data.get("to_tier"), event.occurred_at)]
        case "SegmentEntered":
            key, entered = f"{data['customer']}|{data['segment_id']}", event.occurred_at
            return [Put(SEGMENTS, {"_id": key, "entered_at": entered})]
        case "SegmentExited":
            return [Remove(SEGMENTS, f"{data['customer']}|{data['segment_id']}")]
    return []


def _address(event: Event, ref: str) -> list[Write]:
    """Kept sealed, as it came: when the person is erased, it is dark."""
    data = event.data
    if data["kind"] != "email" or not is_sealed(data["value"]):
        return []
    key, place = f"{data['contact_id']}|{ref}", {"contact": data["contact_id"], "stream": event.stream}
    return [Put(ADDRESSES, {"_id": key, **place, "value": data["value"], "at": event.occurred_at})]


def _no_address(contact: str, ref: str) -> Write:
    return Remove(ADDRESSES, f"{contact}|{ref}")


def _tier(customer: str, tier: str | None, at: datetime) -> Write:
    return Put(TIERS, {"_id": customer, "tier": tier, "at": at}) if tier else Remove(TIERS, customer)


def _fact(event: Event) -> Put:
    name, fields = FACTS[event.type]
    kept = {field: event.data[field] for field in fields}
    key = f"{event.data['order_id']}|{name}"
    return Put(ORDER_FACTS, {"_id": key, "at": event.occurred_at, "customer": event.meta.customer, **kept})


def order_facts(store: Store, order_no: str) -> dict[str, Mapping[str, Any]]:
    """Return what is known of an order, by the name of the fact."""
    found = store.fetch(ORDER_FACTS, [f"{order_no}|{name}" for name in NAMES])
    return {key.rpartition("|")[2]: fact for key, fact in found.items()}
