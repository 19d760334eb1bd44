"""The front door: batches of 100 events over HTTP until they are confirmed, beside the bare publisher."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from deploy.local.stack import real_service
from shared.events.wire import Message
from shared.relay.publisher import Publisher
from shared.service.wiring import types_of
from shared.topology import CHANNELS, channel_queues, declare
from tests.bench.load import Door, Sent, in_batches
from tests.bench.repeats import alternate, percentile, rate
from tests.bench.report import Report, at_most, share
from tests.bench.samples import PARTITIONS, SOURCE, channel_events, message_of
from tests.bench.world import Measure, World
from tests.stack import RunningStack

LIMIT, OURS = "publisher, the same events", "front door, not consuming"
BUSY = "front door of contacts, consuming meanwhile"
BATCH = 100


def take(world: World) -> Report:
    """Send the same number of events to a door alone, to the door of contacts, and to the broker."""
    size, seeds, sent = world.size(6_000), count(world.seed), list[Sent]()
    publish = _publisher(world)
    with _door(world, door_only) as alone:
        trials = {
            LIMIT: lambda: publish([message_of(e) for e in channel_events(size, next(seeds))]),
            OURS: lambda: _send(alone, size, next(seeds), sent),
        }
        readings = alternate(trials, world.repeats, world.say)
    with _door(world, real_service) as busy:  # last, because it works on long after it has answered
        readings += alternate({BUSY: lambda: _send(busy, size, next(seeds), [])}, 1, world.say)
    spent = [seconds for each in sent for seconds in each.spent]
    goals = (
        share(readings, OURS, LIMIT, 0.50),
        at_most("99 of 100 batches answered within 250 ms", percentile(spent, 0.99) * 1e3, 250, "ms"),
    )
    notes = ("two connections, batches of 100; client, door and broker share the machine",)
    return Report(MEASURE.says, "events/s", readings, goals, LIMIT, notes)


def door_only(_: str) -> list[str]:
    """Return the command of contacts without its consumers."""
    return [sys.executable, "-m", "tests.bench.door_service"]


@contextmanager
def _door(world: World, command: Callable[[str], list[str]]) -> Iterator[Door]:
    servers = (world.vhost(), world.servers.mongodb_url, world.name())
    stack = RunningStack(world.room(), *servers, ("contacts",), command)
    try:
        stack.start()
        yield Door(stack.url("contacts"), stack.channel_key(SOURCE))
    finally:
        stack.stop()


def _send(door: Door, size: int, seed: int, sent: list[Sent]) -> float:
    door.send(in_batches(channel_events(BATCH, seed, name="warm"), BATCH))
    sent.append(door.send(in_batches(channel_events(size, seed), BATCH)))
    return sent[-1].rate


def _publisher(world: World) -> Callable[[Sequence[Message]], float]:
    url = world.vhost()
    declare(url, channel_queues("contacts", PARTITIONS, types_of("contacts")))
    publisher = Publisher(url, exchange=CHANNELS, require_route=True)

    def publish(messages: Sequence[Message]) -> float:
        publisher.publish(messages[:1])
        return rate(len(messages), lambda: publisher.publish(messages))

    return publish


MEASURE = Measure("door", "Front door: batches of 100 over HTTP", take)
