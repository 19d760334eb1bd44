"""The `eventsourcing` library, customers as aggregates, a projection, SQLite on disk: `FOLDER N SEED`.

No door, no broker and one process, so everything but the library's own work is left out.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder

from shared.contracts.catalogue import CATALOGUE
from tests.bench.samples import channel_events

PULLED = 100


class Customer(Aggregate):
    """One customer, by customer number."""

    class Began(Aggregate.Created):
        """The first event names the customer."""

        number: str

    class Did(Aggregate.Event):
        """What the customer did."""

        kind: str
        data: dict[str, Any]

        def apply(self, aggregate: "Customer") -> None:
            """Count."""
            aggregate.count += 1

    def __init__(self, number: str) -> None:
        self.number, self.count = number, 0

    @staticmethod
    def create_id(number: str) -> UUID:
        """Return the id of a number."""
        return uuid5(NAMESPACE_URL, number)


class Crm(Application[UUID]):
    """Takes one event at a time."""

    env = {"AGGREGATE_CACHE_MAXSIZE": "10000"}  # noqa: RUF012 - the library's own way

    def receive(self, kind: str, data: dict[str, Any]) -> int:
        """Check and record an event; return its place in the log."""
        CATALOGUE[kind].check(data)
        number = data["customer"]["customer_no"]
        key = Customer.create_id(number)
        customer: Customer = self.repository.get(key) if key in self.repository else _new(number)
        customer.trigger_event(Customer.Did, kind=kind, data=data)
        return int(self.save(customer)[-1].notification.id)


def _new(number: str) -> Customer:
    return Customer._create(Customer.Began, id=Customer.create_id(number), number=number)


class Counts(SQLiteTrackingRecorder):
    """The customer view: a row per customer, written with its tracking in one transaction."""

    def construct_create_table_statements(self) -> list[str]:
        """Add the table of the view."""
        table = "CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, events INTEGER, last_kind TEXT)"
        return [*super().construct_create_table_statements(), table]

    def count(self, key: str, kind: str, tracking: Tracking) -> None:
        """Count one event."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO customers VALUES (?, 1, ?) "
                "ON CONFLICT (id) DO UPDATE SET events = events + 1, last_kind = excluded.last_kind",
                (key, kind),
            )


def project(crm: Crm, view: Counts, after: int) -> int:
    """Feed the view what the log holds after a place; return the last place fed."""
    for notification in crm.recorder.select_notifications(
        start=after, limit=PULLED, inclusive_of_start=False
    ):
        event: Any = crm.mapper.to_domain_event(notification)
        after = int(notification.id)
        tracking = Tracking(crm.name, after)
        if isinstance(event, Customer.Did):
            view.count(str(event.originator_id), event.kind, tracking)
        else:
            view.insert_tracking(tracking)
    return after


def measured(folder: Path, count: int, seed: int) -> float:
    """Return events per second from the first command to the last row of the view."""
    crm = Crm({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "events.sqlite")})
    view = Counts(SQLiteDatastore(str(folder / "view.sqlite")))
    view.create_table()
    items, place = channel_events(count, seed), 0
    begun = time.perf_counter()
    for number, item in enumerate(items, 1):
        last = crm.receive(item["type"], item["data"])
        while number % PULLED == 0 or number == count:
            place = project(crm, view, place)
            if place >= last:
                break
    return count / (time.perf_counter() - begun)


if __name__ == "__main__":
    where, events, number = sys.argv[1:]
    sys.stdout.write(json.dumps({"rate": measured(Path(where), int(events), int(number))}) + "\n")
