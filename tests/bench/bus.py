"""The transport beside its raw limits: `python -m tests.bench.bus AMQP_URL`."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

from kombu import Connection, Queue, binding

from shared.events import Event, Meta
from shared.events.clock import now
from shared.events.wire import Message, encode
from shared.relay.publisher import Publisher
from shared.topology import EVENTS, declare
from tests.bench import wire_limits

COUNT = 30_000
ROUNDS = 3


def sample(count: int) -> list[Message]:
    """Return domain events as the relay encodes them."""
    meta = Meta(
        "c" * 36,
        "d" * 36,
        customer="c-" + "0" * 24,
        channel="web",
        source="web-shop",
        source_event_id="x" * 36,
    )
    data = {
        "order_id": "o-1",
        "lines": [{"sku": "A1", "quantity": 2, "price": "9.90"}] * 3,
        "note": "n" * 120,
    }
    at = now()
    return [
        encode(
            Event(f"{n:036d}", "bench", "order-1", n + 1, n + 1, 0, n, "OrderPlaced", 1, data, at, at, meta)
        )
        for n in range(count)
    ]


def quorum(amqp_url: str) -> Queue:
    """Return a new quorum queue that hears the sample."""
    queue = Queue(
        f"bench.{uuid4().hex[:8]}",
        bindings=[binding(EVENTS, routing_key="rapport.bench.#")],
        durable=True,
        queue_arguments={"x-queue-type": "quorum", "x-single-active-consumer": True},
    )
    declare(amqp_url, [queue])
    return queue


def publishing(amqp_url: str, messages: list[Message]) -> tuple[float, float]:
    """Return the raw and our confirmed publishing rate, medians of rounds taken in turn."""
    queue, publisher = quorum(amqp_url), Publisher(amqp_url)
    publisher.publish(messages[:1000])
    limits, ours = [], []
    for _ in range(ROUNDS):
        limits.append(wire_limits.publish_rate(amqp_url, EVENTS.name, messages))
        begun = time.perf_counter()
        publisher.publish(messages)
        ours.append(len(messages) / (time.perf_counter() - begun))
        empty(amqp_url, queue)
    publisher.close()
    drop(amqp_url, queue)
    return median(limits), median(ours)


def consuming(amqp_url: str, messages: list[Message]) -> tuple[float, float]:
    """Return the raw and our batch consuming rate (decoded), medians of rounds taken in turn."""
    queue, publisher = quorum(amqp_url), Publisher(amqp_url)
    limits, ours = [], []
    for _ in range(ROUNDS):
        publisher.publish(messages)
        limits.append(wire_limits.consume_rate(amqp_url, queue.name, len(messages)))
        publisher.publish(messages)
        ours.append(batch_rate(amqp_url, queue, len(messages)))
    publisher.close()
    drop(amqp_url, queue)
    return median(limits), median(ours)


def batch_rate(amqp_url: str, queue: Queue, count: int) -> float:
    """Return the rate of a service process with a batch consumer, from first to last delivery."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.consumer", amqp_url, queue.name, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path.cwd())
    return float(json.loads(done.stdout.splitlines()[-1])["rate"])


def empty(amqp_url: str, queue: Queue) -> None:
    """Purge the queue."""
    with Connection(amqp_url) as connection:
        queue(connection.default_channel).purge()


def drop(amqp_url: str, queue: Queue) -> None:
    """Delete the queue."""
    with Connection(amqp_url) as connection:
        queue(connection.default_channel).delete()


def main(amqp_url: str) -> None:
    """Print both comparisons."""
    messages = sample(COUNT)
    for name, (limit, ours) in {
        "confirmed publish, quorum": publishing(amqp_url, messages),
        "batch consume, decoded, quorum": consuming(amqp_url, messages),
    }.items():
        sys.stdout.write(f"{name}: raw {limit:,.0f}/s, ours {ours:,.0f}/s, ratio {ours / limit:.2f}\n")


if __name__ == "__main__":
    main(sys.argv[1])
