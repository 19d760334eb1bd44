"""Appending to a service's log in bulk: the store against `insert_many` of the same documents."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from pymongo.collection import Collection

from shared.events import Event, NewEvent
from shared.store.client import Client
from shared.store.documents import to_document
from shared.store.mongo import MongoStore
from shared.store.port import Append, Commit, Done, Expect
from shared.store.schema import prepare
from tests.bench.repeats import alternate, rate
from tests.bench.report import Report, share
from tests.bench.samples import PARTITIONS, domain_events
from tests.bench.world import Measure, World

LIMIT, OURS = "insert_many", "store, 500 commits at a time"
BATCH = 500


def take(world: World) -> Report:
    """Append one-event commits in batches, and insert their documents in batches as large."""
    size, seeds = world.size(4_000), count(world.seed)
    with world.client() as client:
        ours, theirs = world.name(), world.name()
        store = MongoStore(client, ours, "sales", PARTITIONS)
        store.prepare()
        plain = _plain(client, theirs)
        trials = {
            LIMIT: lambda: _insert(plain, domain_events(size, next(seeds)), next(seeds) * 10**7),
            OURS: lambda: _commit(store, domain_events(size, next(seeds))),
        }
        readings = alternate(trials, max(world.repeats, 2), world.say)
        for name in (ours, theirs):
            client.drop_database(name)
    note = f"{size} events of one stream each, the log's three indexes on both sides, majority writes"
    return Report(MEASURE.says, "events/s", readings, (share(readings, OURS, LIMIT, 0.60),), LIMIT, (note,))


def _plain(client: Client, name: str) -> Collection[dict[str, Any]]:
    prepare(client[name], PARTITIONS)
    return client[name]["events"]


def _insert(events: Collection[dict[str, Any]], made: Sequence[Event], after: int) -> float:
    documents = [to_document(event) | {"position": after + event.position} for event in made]

    def insert() -> None:
        for start in range(0, len(documents), BATCH):
            events.insert_many(documents[start : start + BATCH])

    return rate(len(documents), insert)


def _commit(store: MongoStore, made: Sequence[Event]) -> float:
    commits = [Commit((_append(event),)) for event in made]

    def commit() -> None:
        for start in range(0, len(commits), BATCH):
            outcomes = store.commit(commits[start : start + BATCH])
            if not all(isinstance(outcome, Done) for outcome in outcomes):
                raise RuntimeError(f"not appended: {outcomes[0]}")

    return rate(len(commits), commit)


def _append(event: Event) -> Append:
    new = NewEvent(event.type, event.schema, event.data, event.occurred_at, event.meta)
    return Append(event.stream, Expect.NO_STREAM, (new,), event.meta.command_id)


MEASURE = Measure("append", "Bulk append to a service's log", take)
