"""Resident memory of every service: just started, and after some work."""

import psutil

from deploy.local.place import SERVICES
from tests.bench.pipeline import through
from tests.bench.report import Reading, Report, at_most
from tests.bench.whole.rapport import Whole, whole
from tests.bench.world import Measure, World

MOST_IDLE = 120.0


def take(world: World) -> Report:
    """Look at the processes before and after a load."""
    size = world.size(2_000)
    with whole(world) as system:
        idle = _resident(system, "idle")
        world.say(f"sending {size} events")
        through(system, size, world.seed)
        worked = _resident(system, "after work")
    goals = (at_most("an idle service at most 120 MB", max(r.value for r in idle), MOST_IDLE, "MB"),)
    return Report(MEASURE.says, "MB", idle + worked, goals, notes=(f"work: {size} events of 500 customers",))


def _resident(system: Whole, when: str) -> tuple[Reading, ...]:
    processes = system.stack.processes
    return tuple(
        Reading(f"{name}, {when}", (psutil.Process(processes[name].pid).memory_info().rss / 1e6,))
        for name in SERVICES
    )


MEASURE = Measure("memory", "Memory of the services", take)
