"""Intake: from delivered events to journal and customer view, beside one raw transaction per batch."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pymongo
from pymongo import ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.analytics.views.customer import CUSTOMER
from shared.project.entry import Document, from_document
from shared.project.intake import Intake
from shared.project.journal import JOURNAL, Journal
from shared.project.pointer import prepare_projection
from shared.project.runner import Runner
from shared.project.target import Target
from shared.project.transact import open_database, transact
from shared.store.client import Client
from tests.bench.history import BATCH, batches, company
from tests.bench.repeats import alternate, rate
from tests.bench.report import Report, share
from tests.bench.world import Measure, World
from tests.company import Company

LIMIT, OURS = "one raw transaction per batch", "intake and customer view"
Step = tuple[list[Document], list[Document]]


def take(world: World) -> Report:
    """Journal and fold a company's events, then write the same documents without thinking."""
    made = company(world.size(6_000), world.seed)
    total = len(made.events())
    with world.client() as client:
        steps = list(_steps(client, world, made))
        trials = {
            LIMIT: lambda: _raw(client, world.name(), steps, total),
            OURS: lambda: _ours(client, world.name(), made, total),
        }
        readings = alternate(trials, world.repeats, world.say)
    views = sum(len(views) for _, views in steps)
    notes = (
        f"{total} events of {len(made.logs)} services in batches of up to {BATCH}; {views} views written",
    )
    return Report(MEASURE.says, "events/s", readings, (share(readings, OURS, LIMIT, 0.50),), LIMIT, notes)


def _ours(client: Client, name: str, made: Company, total: int) -> float:
    database = open_database(client, name)
    intake, runner = _desk(database)

    def work() -> None:
        for batch in batches(made):
            intake.receive(*batch)
            while runner.step():
                pass

    found = rate(total, work)
    client.drop_database(name)
    return found


def _desk(database: Database[Document]) -> tuple[Intake, Runner]:
    journal = Journal(database)
    journal.prepare()
    live = prepare_projection(database, CUSTOMER, 0)
    return Intake(journal, {}), Runner(CUSTOMER, journal, Target(database, live.collection))


def _steps(client: Client, world: World, made: Company) -> Iterator[Step]:
    """Yield, for every batch, the journal documents and the views as they are after it."""
    name = world.name()
    database = open_database(client, name)
    intake, _ = _desk(database)
    for batch in batches(made):
        intake.receive(*batch)
    documents = list(database[JOURNAL].find({}).sort("_id", pymongo.ASCENDING))
    client.drop_database(name)
    views: dict[str, Any] = {}
    at = 0
    for _, _, events in batches(made):
        lot = documents[at : at + len(events)]
        at += len(events)
        yield lot, _folded(views, lot)


def _folded(views: dict[str, Any], lot: list[Document]) -> list[Document]:
    for document in lot:
        event = from_document(document).event
        if event.type in CUSTOMER.types:
            views[document["customer"]] = CUSTOMER.project(views.get(document["customer"]), event)
    touched = {d["customer"] for d in lot} & views.keys()
    return [{**views[key], "_id": key} for key in touched]


def _raw(client: Client, name: str, steps: list[Step], total: int) -> float:
    database = open_database(client, name)
    _desk(database)  # the same collections and indexes
    journal, views = database[JOURNAL], database["customer_v1"]

    def write(step: Step, session: ClientSession) -> None:
        journal.insert_many(step[0], session=session)
        if step[1]:
            replaced = [ReplaceOne({"_id": view["_id"]}, view, upsert=True) for view in step[1]]
            views.bulk_write(replaced, ordered=False, session=session)

    def work() -> None:
        for step in steps:
            transact(database, partial(write, step))

    found = rate(total, work)
    client.drop_database(name)
    return found


MEASURE = Measure("intake", "Intake into the journal and the customer view", take)
