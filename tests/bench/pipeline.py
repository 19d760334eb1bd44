"""The whole pipeline: batches at the front door until the customer view shows them, and the alternatives."""

import time
from itertools import count

from deploy.local.processes import free_port
from tests.bench.load import Door, in_batches
from tests.bench.programs import running, told
from tests.bench.repeats import Trial, alternate
from tests.bench.report import Reading, Report, times
from tests.bench.samples import channel_events
from tests.bench.whole.rapport import Whole, whole
from tests.bench.world import Measure, World
from tests.waiting import eventually

OURS, PLAIN = "five services, to the customer view", "plain nameko, an update per event"
SOURCED = "eventsourcing with SQLite, no door or broker"
BATCH, SLOW = 100, 4


def take(world: World) -> Report:
    """Send the same events through each system, in turns."""
    size, seeds = world.size(4_000), count(world.seed)
    few = max(size // SLOW, BATCH)
    with whole(world) as system:
        trials: dict[str, Trial] = {
            OURS: lambda: through(system, size, next(seeds)),
            PLAIN: lambda: _plain(world, few, next(seeds)),
            SOURCED: lambda: _eventsourced(world, few, next(seeds)),
        }
        readings: tuple[Reading, ...] = alternate(trials, world.repeats, world.say)
    goals = (times(readings, OURS, PLAIN, 5), times(readings, OURS, SOURCED, 3))
    notes = (
        f"{size} events of 500 customers in batches of {BATCH} over two connections; alternatives {few}",
        "ours keeps every event in its owner's log and in the journal, finds who is who, folds every view",
    )
    return Report(MEASURE.says, "events/s", readings, goals, notes=notes)


def through(system: Whole, size: int, seed: int) -> float:
    """Return events per second from the first request until all are visible."""
    items = channel_events(size, seed)
    bodies = in_batches(items, BATCH)
    begun = time.perf_counter()
    system.door.send(bodies)
    system.note(items)
    system.settled()
    return size / (time.perf_counter() - begun)


def _plain(world: World, size: int, seed: int) -> float:
    url, name, port = world.vhost(), world.name(), str(free_port())
    module, bodies = "tests.bench.whole.plain", in_batches(channel_events(size, seed), BATCH)
    with (
        world.client() as client,
        running(module, "view", url, world.servers.mongodb_url, name) as view,
        running(module, "door", url, port) as door,
    ):
        told(view), told(door)
        customers = client[name]["customers"]
        begun = time.perf_counter()
        Door(f"http://127.0.0.1:{port}", "").send(bodies)
        eventually(lambda: sum(c["events"] for c in customers.find({}, {"events": 1})) == size, 300, 0.1)
        spent = time.perf_counter() - begun
        client.drop_database(name)
        return size / spent


def _eventsourced(world: World, size: int, seed: int) -> float:
    module = "tests.bench.whole.eventsourced"
    with running(module, str(world.room()), str(size), str(seed)) as program:
        return told(program)["rate"]


MEASURE = Measure("pipeline", "Whole pipeline, from the front door to the customer view", take)
