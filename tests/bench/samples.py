"""Seeded events: what a web shop, a call centre and their customers cause."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from shared.events import Event, Meta
from shared.events.clock import rfc3339
from shared.events.ids import derived, partition_of
from shared.events.wire import JSON, Message

PARTITIONS = 4
SOURCE = "bench"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TYPES = (
    "channel.web.page_viewed.v1",
    "channel.web.order_placed.v1",
    "channel.call_center.call_ended.v1",
    "channel.web.ticket_opened.v1",
)


def channel_events(count: int, seed: int, customers: int = 500, name: str = "load") -> list[dict[str, Any]]:
    """Return CloudEvents in structured form: half page views, the rest calls, orders and tickets."""
    chance = random.Random(seed)
    return [_channel_event(chance, name, number, customers) for number in range(count)]


def one_event_each(first: int, last: int, seed: int) -> list[dict[str, Any]]:
    """Return one event of every customer from number `first` to before `last`."""
    items = channel_events(last - first, seed, name=f"each{first}")
    for number, item in enumerate(items, first):
        item["data"]["customer"] = _customer(number)
    return items


def message_of(item: dict[str, Any], partitions: int = PARTITIONS) -> Message:
    """Return a channel event in binary mode, as the front door publishes it."""
    known = {name: value for name, value in item.items() if name != "data"}
    partition = partition_of(item["data"]["customer"]["email"], partitions)
    headers = {f"ce-{name}": value for name, value in known.items()} | {"ce-partition": str(partition)}
    return Message(f"{item['type']}.{partition}", headers, orjson.dumps(item["data"]), item["id"])


def domain_events(count: int, seed: int) -> list[Event]:
    """Return recorded orders of many streams, positions and chains as a log gives them."""
    chance = random.Random(seed)
    tails = [0] * PARTITIONS
    events = []
    for position in range(1, count + 1):
        stream = f"order-{seed}-{position}"
        partition = partition_of(stream, PARTITIONS)
        events.append(_domain_event(chance, stream, position, partition, tails[partition]))
        tails[partition] = position
    return events


def order(chance: random.Random, number: str) -> dict[str, Any]:
    """Return the data of an order with one to four lines."""
    lines = [_line(chance) for _ in range(chance.randint(1, 4))]
    return {"order_no": number, "currency": "GBP", "country": "United Kingdom", "lines": lines}


def _line(chance: random.Random) -> dict[str, Any]:
    price = f"{chance.randint(1, 90)}.{chance.randint(10, 99)}"
    return {
        "sku": f"SKU{chance.randint(1, 4000)}",
        "name": "Lantern",
        "quantity": chance.randint(1, 9),
        "unit_price": price,
    }


def _channel_event(chance: random.Random, name: str, number: int, customers: int) -> dict[str, Any]:
    kind = chance.choices(TYPES, weights=(5, 2, 2, 1))[0]
    customer = _customer(chance.randrange(customers))
    key = derived(name, str(number), str(chance.random()))
    return {
        "specversion": "1.0",
        "id": key,
        "source": SOURCE,
        "type": kind,
        "time": rfc3339(BEGIN + timedelta(seconds=number)),
        "datacontenttype": JSON,
        "data": {"customer": customer, **_said(chance, kind, key)},
    }


def _customer(number: int) -> dict[str, str]:
    return {"email": f"customer{number}@example.com", "customer_no": f"{10_000 + number}"}


def _said(chance: random.Random, kind: str, key: str) -> dict[str, Any]:
    match kind.split(".")[2]:
        case "page_viewed":
            return {"page": f"/products/{chance.randint(1, 4000)}", "duration_s": chance.randint(1, 300)}
        case "order_placed":
            return order(chance, key[:18])
        case "call_ended":
            return {
                "direction": "in",
                "duration_s": chance.randint(5, 900),
                "handler": "ann",
                "outcome": "solved",
            }
        case _:
            return {"ticket_no": key[:18], "subject": "Where is my order?", "category": "delivery"}


def _domain_event(chance: random.Random, stream: str, position: int, partition: int, previous: int) -> Event:
    moment = BEGIN + timedelta(seconds=position)
    data = order(chance, stream) | {"order_id": stream, "total": {"amount": 4_200, "currency": "GBP"}}
    meta = Meta(
        command_id=derived(stream, "command"),
        correlation_id=derived(stream, "correlation"),
        channel="web",
        customer=f"c-{chance.randrange(500):024x}",
        source="web-shop",
        source_event_id=derived(stream, "source"),
    )
    return Event(
        derived(stream, "event"), "sales", stream, 1, position, partition, previous,
        "OrderPlaced", 1, data, moment, moment, meta,
    )  # fmt: skip
