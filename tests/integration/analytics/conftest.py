"""A database per test, and the pieces of analytics on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from services.analytics.views import Secrets, projections
from services.analytics.views.customer import CUSTOMER
from shared.identity import Refs
from shared.privacy import MemoryKeyStore, Vault
from shared.project.digest import digest
from shared.project.intake import Intake
from shared.project.journal import Journal
from shared.project.pointer import pointer, prepare_projection
from shared.project.projection import Projection
from shared.project.runner import Runner
from shared.project.target import Target
from shared.project.transact import open_database
from shared.store.client import connect
from tests.company import Company, OpenLog, deliveries

ALL = projections(Secrets(Vault(MemoryKeyStore()), Refs(b"k" * 32)))


@pytest.fixture(scope="session")
def client(mongodb_url: str) -> Iterator[MongoClient[dict[str, Any]]]:
    """A client of the database server."""
    with connect(mongodb_url) as client:
        yield client


@pytest.fixture
def database(client: MongoClient[dict[str, Any]]) -> Iterator[Database[dict[str, Any]]]:
    """An empty database."""
    name = f"analytics_{uuid4().hex[:12]}"
    yield open_database(client, name)
    client.drop_database(name)


@dataclass
class Desk:
    """Journal, intake and runners over one database."""

    database: Database[dict[str, Any]]
    journal: Journal
    company: Company

    def intake(self) -> Intake:
        """Return a fresh intake, as after a restart."""
        logs = {name: OpenLog(events) for name, events in self.company.logs.items()}
        return Intake(self.journal, logs)

    def runner(self, projection: Projection = CUSTOMER, **options: Any) -> Runner:
        """Return a fresh runner on the live collection, as after a restart."""
        live = prepare_projection(self.database, projection, self.journal.head())
        return Runner(projection, self.journal, Target(self.database, live.collection), **options)

    def deliver(self, seed: int) -> None:
        """Deliver everything in a random order with repeats."""
        intake = self.intake()
        for source, partition, events in deliveries(self.company, seed):
            intake.receive(source, partition, events)

    def fold(self, projection: Projection = CUSTOMER, limit: int = 500) -> str:
        """Fold until caught up; return the digest."""
        runner = self.runner(projection)
        while runner.step(limit):
            pass
        return self.digest(projection)

    def digest(self, projection: Projection = CUSTOMER) -> str:
        """Return the digest of the live collection."""
        return digest(self.database[pointer(self.database, projection.name).collection])[0]

    def views(self) -> dict[str, dict[str, Any]]:
        """Return the customer views by root."""
        return {d["_id"]: d for d in self.database[pointer(self.database, "customer").collection].find({})}


@pytest.fixture
def desk(database: Database[dict[str, Any]]) -> Desk:
    """Analytics over an empty database and an empty company."""
    journal = Journal(database)
    journal.prepare()
    return Desk(database, journal, Company())
