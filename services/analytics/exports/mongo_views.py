"""Read-only views in MongoDB under stable, versioned names, for tools that speak its protocol.

A projection's collection changes with every rebuild; the views are pointed to the one in use. They hold
nothing personal. A column has the name and meaning of the exported table's, but `customer_ref` is the ref
as the event named it: a view does not follow merges.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pymongo.database import Database
from pymongo.errors import CollectionInvalid

from services.analytics.views.customer import CUSTOMER
from services.analytics.views.facts_sales import ORDER
from services.analytics.views.facts_support import TICKET
from shared.project.entry import Document
from shared.project.journal import JOURNAL
from shared.project.pointer import pointer
from shared.store.client import answering

Pipeline = Sequence[Mapping[str, Any]]
PREFIX = "analyst_"


@dataclass(frozen=True, slots=True)
class MongoView:
    """`reads` is a projection, or the journal itself."""

    table: str
    version: int
    reads: str
    pipeline: Pipeline

    @property
    def name(self) -> str:
        """The name under which analysts find it."""
        return f"{PREFIX}{self.table}_v{self.version}"


def _first(type_: str, path: str) -> dict[str, Any]:
    """Return the expression of a field of the first fact of a type."""
    facts = {"$filter": {"input": "$facts", "as": "f", "cond": {"$eq": ["$$f.type", type_]}}}
    return {"$let": {"vars": {"first": {"$arrayElemAt": [facts, 0]}}, "in": f"$$first.{path}"}}


def _entity(type_: str, id_: str, **columns: str) -> Pipeline:
    fields = {name: _first(type_, path) for name, path in columns.items()}
    return [
        {"$match": {"facts.type": type_}},
        {"$project": {"_id": 0, id_: _first(type_, f"data.{id_}"), **fields}},
    ]


MONGO_VIEWS: tuple[MongoView, ...] = (
    MongoView("customers", 1, CUSTOMER.name, [{"$project": {
        "_id": 0, "customer": "$_id", "first_seen": "$identity.first_seen",
        "last_seen": "$identity.last_seen",
        "orders": {"$ifNull": ["$orders.count", 0]}, "first_order_at": "$orders.first_at",
        "last_order_at": "$orders.last_at", "currency": "$leading.currency", "net": "$leading.net",
        "tickets": {"$ifNull": ["$tickets.opened", 0]},
    }}]),
    MongoView("orders", 1, ORDER.view, _entity(
        "OrderPlaced", "order_id", customer_ref="customer", channel="channel", placed_at="at",
        country="data.country", campaign_id="data.campaign_id", currency="data.money.currency",
        gross="data.money.amount",
    )),
    MongoView("tickets", 1, TICKET.view, _entity(
        "TicketOpened", "ticket_no", customer_ref="customer", channel="channel", opened_at="at",
        origin="data.origin", priority="data.priority", category="data.category", order_no="data.order_no",
    )),
    MongoView("events", 1, JOURNAL, [{"$project": {
        "_id": 0, "event_id": "$id", "occurred_at": 1, "recorded_at": 1, "customer_ref": "$customer",
        "channel": "$meta.channel", "type": 1, "service": 1, "stream": 1, "version": 1, "position": 1,
    }}]),
)  # fmt: skip


class Analysts:
    """Keeps the views pointed to the collections in use."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database

    def point(self) -> None:
        """Create what is missing, and replace what points elsewhere or is made otherwise."""
        with answering():
            known = {each["name"]: each.get("options", {}) for each in self._database.list_collections()}
        for view in MONGO_VIEWS:
            on = JOURNAL if view.reads == JOURNAL else pointer(self._database, view.reads).collection
            made = known.get(view.name)
            if made is not None and (made.get("viewOn"), made.get("pipeline")) == (on, list(view.pipeline)):
                continue
            self._make(view, on, replace=made is not None)

    def _make(self, view: MongoView, on: str, *, replace: bool) -> None:
        with answering(), suppress(CollectionInvalid):  # another process of analytics was first
            if replace:
                self._database.drop_collection(view.name)
            self._database.create_collection(view.name, viewOn=on, pipeline=list(view.pipeline))
