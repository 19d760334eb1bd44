"""The customer view by any identifier: the query and the API against a bare `find_one` by key."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.analytics.customers import Customers
from shared.identity import Refs
from shared.project.entry import Document, Until
from shared.project.journal import Journal
from shared.project.pointer import Views, pointer
from shared.project.transact import open_database
from shared.store.client import Client
from tests.bench.load import in_batches
from tests.bench.repeats import alternate, percentile
from tests.bench.report import Reading, Report, at_most
from tests.bench.samples import one_event_each
from tests.bench.whole.rapport import Whole, whole
from tests.bench.world import Measure, World

LIMIT, OURS, API = "find_one by _id", "query by identifier", "API by identifier"
PER_SECOND, CONNECTIONS, TIMES = 100, 4, 10


def take(world: World) -> Report:
    """Ask at a number of customers, and again at ten times the number."""
    few = world.size(400, 100)
    with whole(world) as system, world.client() as client:
        small, _ = _asked(world, system, client, 0, few)
        large, answered = _asked(world, system, client, few, TIMES * few)
    found = {reading.name: reading.value for reading in (*small, *large)}
    ours, raw = _at(OURS, TIMES * few), _at(LIMIT, TIMES * few)
    goals = (
        at_most("the query takes at most 3 times as long as find_one", found[ours] / found[raw], 3, "times"),
        at_most(f"95 of 100 answers of the API within 20 ms at {PER_SECOND}/s", answered, 20, "ms"),
        at_most(
            f"flat: {TIMES} times the customers take at most half as long again",
            found[ours] / found[_at(OURS, few)], 1.5, "times",
        ),
    )  # fmt: skip
    notes = ("medians; the API with HTTP, authentication, unsealing and freshness of the answer",)
    return Report(MEASURE.says, "ms", small + large, goals, raw, notes)


def _at(name: str, customers: int) -> str:
    return f"{name}, {customers} customers"


def _asked(
    world: World, system: Whole, client: Client, first: int, last: int
) -> tuple[tuple[Reading, ...], float]:
    world.say(f"making {last} customers")
    items = one_event_each(first, last, world.seed)
    system.door.send(in_batches(items, 100))
    system.note(items)
    system.settled()
    database = open_database(client, f"{system.stack.prefix}_analytics")
    keys, ids = _keys(last, world.seed), _ids(database, world.seed)
    query = Customers(Journal(database), Views(database), Refs(bytes.fromhex(system.stack.identity_key)))
    views = database[pointer(database, "customer").collection]
    trials = {
        _at(LIMIT, last): lambda: _median(ids, lambda key: views.find_one({"_id": key})),
        _at(OURS, last): lambda: _median(keys, lambda key: query.view(query.ref(key), Until())),
    }
    readings = alternate(trials, world.repeats, world.say)
    world.say(f"asking the API {PER_SECOND} times a second")
    spent = answers(system, keys, world.seconds)
    api = Reading(_at(API, last), (percentile(spent, 0.5),))
    return (*readings, api), percentile(spent, 0.95)


def _keys(customers: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    numbers = [chance.randrange(customers) for _ in range(300)]
    return [chance.choice((f"email:customer{n}@example.com", f"customer_no:{10_000 + n}")) for n in numbers]


def _ids(database: Any, seed: int) -> list[str]:
    views = database[pointer(database, "customer").collection]
    known: list[Document] = list(views.find({}, {"_id": 1}))
    return [str(d["_id"]) for d in random.Random(seed).choices(known, k=300)]


def _median(keys: Sequence[str], ask: Callable[[str], object]) -> float:
    spent = []
    for key in keys:
        begun = time.perf_counter()
        if ask(key) is None:
            raise RuntimeError(f"nothing found for {key}")
        spent.append((time.perf_counter() - begun) * 1e3)
    return percentile(spent, 0.5)


def answers(system: Whole, keys: Sequence[str], seconds: float) -> list[float]:
    """Return the milliseconds of requests at a fixed pace, counted from when each was due."""
    spent, begun, turns = list[float](), time.perf_counter(), iter(range(int(PER_SECOND * seconds)))
    guard = threading.Lock()
    threads = [
        threading.Thread(target=_ask, args=(system, keys, turns, guard, begun, spent))
        for _ in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(spent) < int(PER_SECOND * seconds):
        raise RuntimeError("the API did not answer every request")
    return spent


def _ask(
    system: Whole,
    keys: Sequence[str],
    turns: Iterator[int],
    guard: threading.Lock,
    begun: float,
    spent: list[float],
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", system.stack.ports["analytics"], timeout=30)
    headers = {"Authorization": f"Bearer {system.stack.admin_key}"}
    while True:
        with guard:
            turn = next(turns, None)
        if turn is None:
            return connection.close()
        due = begun + turn / PER_SECOND
        time.sleep(max(due - time.perf_counter(), 0))
        connection.request("GET", f"/v1/customers/{keys[turn % len(keys)]}", headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the API answered {answer.status}: {text[:300]!r}")
        spent.append((time.perf_counter() - due) * 1e3)


MEASURE = Measure("lookup", "Customer view by any identifier", take)
