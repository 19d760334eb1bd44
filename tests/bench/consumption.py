"""Consuming one ordered queue, every event decoded and validated: ours, the limit and the alternatives."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from kombu import Connection, Exchange, Queue

from shared.events.wire import Message
from shared.relay.publisher import Publisher
from shared.topology import CHANNELS, channel_queues, declare
from tests.bench.consumers.celery_worker import TASK, application
from tests.bench.programs import running, told
from tests.bench.repeats import alternate
from tests.bench.report import Report, share, times
from tests.bench.samples import channel_events, message_of
from tests.bench.world import Measure, World

LIMIT, OURS = "raw consumer", "batch entrypoint, checked"
HANDLER, FASTSTREAM, CELERY = "nameko @event_handler", "FastStream", "Celery, solo"
SLOW = 5  # the alternatives get a share of the events: their rate does not depend on the number
NOTE = "one process each; the raw consumer decodes nothing; all others decode and make the same check"


def take(world: World) -> Report:
    """Fill a queue, let one program empty it, in turns."""
    url, items = world.vhost(), channel_events(world.size(20_000), world.seed)
    few = items[: max(len(items) // SLOW, 100)]
    (queue,) = channel_queues("bench", 1, ["channel.*.*.*"])
    declare(url, [queue])
    trials: dict[str, Callable[[], float]] = {
        LIMIT: lambda: _ours(url, queue.name, items, "raw"),
        OURS: lambda: _ours(url, queue.name, items, "batches"),
        HANDLER: lambda: _handler(url, few),
        FASTSTREAM: lambda: _ours(url, queue.name, few, "fast_stream"),
        CELERY: lambda: _celery(url, few),
    }
    readings = alternate(trials, world.repeats, world.say)
    goals = (
        share(readings, OURS, LIMIT, 0.40),
        times(readings, OURS, HANDLER, 5),
        times(readings, OURS, FASTSTREAM, 5),
    )
    notes = (
        NOTE,
        f"{len(items)} events; alternatives {len(few)}",
        "a quorum queue; a classic one for nameko and Celery, which declare it themselves",
    )
    return Report(MEASURE.says, "events/s", readings, goals, LIMIT, notes)


def _ours(url: str, queue: str, items: Sequence[dict[str, Any]], program: str) -> float:
    _publish(url, CHANNELS, [message_of(item, 1) for item in items])
    found = _emptied(url, queue, len(items), program)
    _purge(url, queue)
    return found


def _handler(url: str, items: Sequence[dict[str, Any]]) -> float:
    exchange = Exchange("bench.events", type="topic", durable=True, auto_delete=False)
    queue = Queue("evt-bench-event--handling.receive", exchange, routing_key="event", durable=True)
    with Connection(url) as connection:
        queue(connection.default_channel).declare()
    _publish(url, exchange, [Message("event", {}, orjson.dumps(item), item["id"]) for item in items])
    return _emptied(url, "bench", len(items), "handler")


def _celery(url: str, items: Sequence[dict[str, Any]]) -> float:
    app = application(url, "celery-bench")
    with app.pool.acquire() as connection, app.amqp.Producer(connection) as producer:
        for item in items:
            app.send_task(TASK, (item["type"], item["data"]), producer=producer)
    return _emptied(url, "celery-bench", len(items), "celery_worker")


def _publish(url: str, exchange: Exchange, messages: Sequence[Message]) -> None:
    publisher = Publisher(url, exchange=exchange, require_route=True)
    publisher.publish(messages)
    publisher.close()


def _emptied(url: str, name: str, total: int, program: str) -> float:
    with running(f"tests.bench.consumers.{program}", url, name, str(total)) as process:
        return told(process)["rate"]


def _purge(url: str, queue: str) -> None:
    """Take off what a program that was ended had not acknowledged yet."""
    with Connection(url) as connection:
        connection.default_channel.queue_purge(queue)


MEASURE = Measure("consumption", "Consumption of an ordered queue, decoded and validated", take)
