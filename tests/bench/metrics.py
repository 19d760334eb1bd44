"""A year's metric: the time to answer it and to fold its facts, at one and at ten times the events."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from pymongo.database import Database

from services.analytics.metrics import metric_of
from services.analytics.metrics.engine import measured
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader
from services.analytics.metrics.stored import MongoStored
from services.analytics.views.facts import facts_of
from services.analytics.views.facts_cells import CELLS, PEOPLE
from services.analytics.views.facts_sales import ORDER
from shared.events import Event
from shared.project.entry import Document
from shared.project.folds import Folds
from shared.project.intake import Intake
from shared.project.journal import Journal
from shared.project.pointer import Views
from shared.project.transact import open_database
from shared.store.client import Client
from tests.bench.history import batches
from tests.bench.repeats import alternate
from tests.bench.report import Report, at_most
from tests.bench.world import Measure, World
from tests.company import BEGIN, Company

FEW, MANY = "net revenue by month", "net revenue by month, ten times the events"
PEOPLE_FEW, PEOPLE_MANY = "retention", "retention, ten times the customers and events"
TIMES, PER_CUSTOMER, DAYS, ASKED = 10, 5, 365, 5
YEAR = Question(Window(BEGIN, BEGIN + timedelta(days=DAYS)), by="month")


def take(world: World) -> Report:
    """Ask the same questions of a small and of a large company."""
    small = world.size(6_000)
    with (
        world.client() as client,
        _filled(client, world, small) as few,
        _filled(client, world, TIMES * small) as many,
    ):
        trials = {
            FEW: lambda: _asked(few[0], "net_revenue"),
            MANY: lambda: _asked(many[0], "net_revenue"),
            PEOPLE_FEW: lambda: _asked(few[0], "retention"),
            PEOPLE_MANY: lambda: _asked(many[0], "retention"),
        }
        readings = alternate(trials, world.repeats, world.say)
        cells = [database["cells_v1"].count_documents({}) for database, _ in (few, many)]
    spent = {reading.name: reading.value for reading in readings}
    flat = "a year's metric takes at most twice as long with ten times the events"
    linear = "folding ten times the events takes at most 11 times as long"
    goals = (
        at_most(flat, spent[MANY] / spent[FEW], 2, "times"),
        at_most(linear, many[1] / few[1], 11, "times"),
    )
    notes = (
        f"{small} and {TIMES * small} orders, {PER_CUSTOMER} per customer, over a year, in two countries",
        f"{cells[0]} and {cells[1]} day cells; folded in {few[1]:.1f} and {many[1]:.1f} s",
        "what counts distinct people reads a document per customer, so its time grows with them",
    )
    return Report(MEASURE.says, "ms", readings, goals, FEW, notes)


def history(orders: int, seed: int) -> Company:
    """Return a company whose orders are recorded the minute they happen, one in a hundred a day late."""
    made = Company(seed)
    for number, minute in enumerate(sorted(made.random.randrange(DAYS * 1_440) for _ in range(orders))):
        at = BEGIN + timedelta(minutes=minute)
        money = {"amount": made.random.randrange(1, 9_000), "currency": "GBP"}
        country = made.random.choice(("France", "Spain"))
        said = {"order_id": str(number), "order_no": str(number), "lines": [], "total": money}
        customer = f"c-{number % max(orders // PER_CUSTOMER, 1)}"
        made.write("sales", "OrderPlaced", f"order-{number}", customer, at=at, country=country, **said)
    made.logs["sales"] = [_recorded(event, made) for event in made.logs["sales"]]
    return made


def _recorded(event: Event, made: Company) -> Event:
    late = timedelta(days=1) if made.random.random() < 0.01 else timedelta(minutes=1)
    return replace(event, recorded_at=event.occurred_at + late)


@contextmanager
def _filled(client: Client, world: World, orders: int) -> Iterator[tuple[Database[Document], float]]:
    world.say(f"folding {orders} orders")
    database = open_database(client, world.name())
    journal = Journal(database)
    journal.prepare()
    intake = Intake(journal, {})
    for batch in batches(history(orders, world.seed)):
        intake.receive(*batch)
    folds = Folds(Journal(database), (facts_of(ORDER), CELLS, PEOPLE))
    folds.prepare()
    begun = time.perf_counter()
    while folds.step():
        pass
    yield database, time.perf_counter() - begun
    if world.servers.given_mongodb_url:  # the embedded server drops for minutes, and goes with all it has
        client.drop_database(database.name)


def _asked(database: Database[Document], metric_id: str) -> float:
    reader, metric = Reader(MongoStored(Views(database))), metric_of(metric_id)
    begun = time.perf_counter()
    for _ in range(ASKED):
        measured(metric, YEAR, reader)
    return (time.perf_counter() - begun) / ASKED * 1_000


MEASURE = Measure("metrics", "A year's metric, by month", take)
