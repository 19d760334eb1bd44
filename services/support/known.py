"""What support keeps of other services: the facts of orders, and which refs mean one person."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.events import Event
from shared.store.port import Store
from shared.store.write import Put, Remove, Write

ORDER_FACTS, ALIASES = "order_facts", "aliases"
# What is kept of each event, and under which name; each fact of an order is a document of its own.
FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "OrderPlaced": ("placed", ("total",)),
    "DeliveryPromised": ("promised", ("promised_on",)),
    "OrderShipped": ("shipped", ()),
    "OrderDelivered": ("delivered", ()),
    "OrderCancelled": ("cancelled", ()),
}
KEPT = dict(FACTS.values())
NAMES = tuple(KEPT)
STEPS = 20


def written(event: Event) -> list[Write]:
    """Return the writes by which what is known follows an event of sales or contacts."""
    data = event.data
    match event.type:
        case kind if kind in FACTS:
            return [_fact(event)]
        case "ContactIdentifierLinked" if data["ref"] != data["contact_id"]:
            return [Put(ALIASES, {"_id": data["ref"], "to": data["contact_id"]})]
        case "ContactIdentifierUnlinked":
            return [Remove(ALIASES, data["ref"])]
        case "ContactsMerged":
            return [Put(ALIASES, {"_id": data["absorbed_id"], "to": data["survivor_id"]})]
        case "ContactsUnmerged":
            return [Remove(ALIASES, data["absorbed_id"])]
    return []


def _fact(event: Event) -> Put:
    name, fields = FACTS[event.type]
    kept = {field: event.data[field] for field in fields}
    key = f"{event.data['order_id']}|{name}"
    return Put(ORDER_FACTS, {"_id": key, "at": event.occurred_at, "customer": event.meta.customer, **kept})


def order_facts(store: Store, order_no: str) -> dict[str, Mapping[str, Any]]:
    """Return what is known of an order, by the name of the fact."""
    found = store.fetch(ORDER_FACTS, [f"{order_no}|{name}" for name in NAMES])
    return {key.rpartition("|")[2]: fact for key, fact in found.items()}


def person(store: Store, ref: str) -> str:
    """Return the contact a ref leads to."""
    for _ in range(STEPS):
        found = store.fetch(ALIASES, [ref])
        if not found:
            break
        ref = str(found[ref]["to"])
    return ref


def same_person(store: Store, refs: Sequence[str | None]) -> bool:
    """Whether all refs are known and lead to one contact."""
    return all(refs) and len({person(store, ref) for ref in refs if ref}) == 1
