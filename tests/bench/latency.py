"""From the front door to the customer view: one event at a time, idle and at half the highest rate."""

import threading
from itertools import count

from tests.bench.load import in_batches
from tests.bench.pipeline import through
from tests.bench.repeats import percentile
from tests.bench.report import Reading, Report, at_most
from tests.bench.samples import channel_events
from tests.bench.whole.rapport import Whole, whole
from tests.bench.world import Measure, World

IDLE, LOADED = "idle", "at half the highest rate"
PROBES, BATCH = 20, 20


def take(world: World) -> Report:
    """Probe an idle system, find its highest rate, probe again at half of it."""
    size = world.size(2_000)
    with whole(world) as system:
        system.visible_after(0)  # connections and caches
        world.say("probing, idle")
        idle = [system.visible_after(n) * 1e3 for n in range(1, PROBES + 1)]
        world.say("finding the highest rate")
        highest = through(system, size, world.seed)
        world.say(f"probing at {highest / 2:.0f} events/s")
        loaded = [each * 1e3 for each in _loaded(world, system, highest / 2)]
    readings = (
        Reading(f"{IDLE}, p50", (percentile(idle, 0.5),)),
        Reading(f"{IDLE}, p95", (percentile(idle, 0.95),)),
        Reading(f"{LOADED}, p50", (percentile(loaded, 0.5),)),
        Reading(f"{LOADED}, p95", (percentile(loaded, 0.95),)),
    )
    goals = (
        at_most("p50 when idle below 150 ms", readings[0].value, 150, "ms"),
        at_most("p95 at half the highest rate below 1,000 ms", readings[3].value, 1_000, "ms"),
    )
    notes = (
        f"highest rate {highest:.0f} events/s; {len(idle)} probes idle, {len(loaded)} under load",
        "a probe is the first event of a new customer, posted alone, until the API answers with the customer",
    )
    return Report(MEASURE.says, "ms", readings, goals, notes=notes)


def _loaded(world: World, system: Whole, rate: float) -> list[float]:
    """Send batches at a pace and probe meanwhile."""
    items = channel_events(max(int(rate * world.seconds), BATCH), world.seed + 1)
    pace = threading.Thread(target=system.door.pace, args=(in_batches(items, BATCH), BATCH / rate))
    pace.start()
    numbers, found = count(1_000), list[float]()
    while pace.is_alive() or len(found) < 3:
        found.append(system.visible_after(next(numbers)))
    pace.join()
    return found


MEASURE = Measure("latency", "From the front door to visible in the customer view", take)
