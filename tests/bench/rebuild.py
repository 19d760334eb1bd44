"""Rebuilding the customer view: against a raw scan and bulk insert, at one and at ten times the events."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.database import Database

from shared.project.entry import BLOCK, Document, block_of
from shared.project.journal import JOURNAL, Journal
from shared.project.pointer import pointer
from shared.project.rebuild import remove
from shared.project.transact import open_database
from shared.store.client import Client
from tests.bench.history import company, journaled
from tests.bench.programs import running, told
from tests.bench.repeats import alternate
from tests.bench.report import Report, at_most, share
from tests.bench.world import Measure, World

Told = dict[str, float]
LIMIT, OURS = "raw scan and bulk insert", "rebuild"
TENFOLD = "rebuild of ten times the events"
LOT, TIMES, SLOWEST = 1_000, 10, 250


def take(world: World) -> Report:
    """Rebuild a small and a large history, each in a process of its own."""
    small, told_of = world.size(3_000), dict[str, list[Told]]()
    with (
        world.client() as client,
        _filled(client, world, small) as few,
        _filled(client, world, TIMES * small) as many,
    ):
        _rebuild(world, many, told_of, "first")  # from here on there are views for the raw insert
        trials = {
            LIMIT: lambda: _raw(many),
            TENFOLD: lambda: _rebuild(world, many, told_of, TENFOLD),
            OURS: lambda: _rebuild(world, few, told_of, OURS),
        }
        readings = alternate(trials, world.repeats, world.say)
    speeds = {reading.name: reading.value for reading in readings}
    goals = (
        share(readings, TENFOLD, LIMIT, 0.50, f"at least 50% of {LIMIT}"),
        at_most(
            "ten times the events take at most 11 times as long",
            10 * speeds[OURS] / speeds[TENFOLD],
            11,
            "times",
        ),
        at_most("peak memory at most 400 MB", _most(told_of[TENFOLD], "peak_mb"), 400, "MB"),
    )
    few_told, many_told = told_of[OURS], told_of[TENFOLD]
    grown = _most(many_told, "peak_mb") - _most(few_told, "peak_mb")
    busy = f"{_most(few_told, 'busy_us'):.0f} and {_most(many_told, 'busy_us'):.0f} µs"
    notes = (
        f"{small} and {TIMES * small} events, a customer per 20 events; peak memory grew by {grown:.0f} MB",
        f"processor time of the rebuild's own process {busy} per event, at most",
    )
    return Report(MEASURE.says, "events/s", readings, goals, LIMIT, notes)


@contextmanager
def _filled(client: Client, world: World, events: int) -> Iterator[Database[Document]]:
    world.say(f"writing a journal of {events} events")
    database = open_database(client, world.name())
    journaled(database, company(events, world.seed))
    yield database
    if world.servers.given_mongodb_url:  # the embedded server drops for minutes, and goes with all it has
        client.drop_database(database.name)


def _rebuild(world: World, database: Database[Document], told_of: dict[str, list[Told]], name: str) -> float:
    patience = 300 + Journal(database).head() / SLOWEST
    with running("tests.bench.rebuilding", world.servers.mongodb_url, database.name) as process:
        found = told(process, patience)
    told_of.setdefault(name, []).append(found)
    return found["rate"]


def _most(found: list[Told], what: str) -> float:
    return max(one[what] for one in found)


def _raw(database: Database[Document]) -> float:
    views = list(database[pointer(database, "customer").collection].find({}))
    target = database["raw_views"]
    target.create_index([("leading.currency", 1), ("leading.net", 1)])
    begun, seen = time.perf_counter(), 0
    for block in range(block_of(Journal(database).head()) + 1):
        seen += len(list(database[JOURNAL].find({"block": block}, batch_size=BLOCK).sort("_id", 1)))
    for start in range(0, len(views), LOT):
        target.insert_many(views[start : start + LOT])
    found = seen / (time.perf_counter() - begun)
    remove(database, target.name)  # a drop of all at once takes the embedded server too long to answer
    return found


MEASURE = Measure("rebuild", "Rebuild of the customer view", take)
