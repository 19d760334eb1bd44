"""Read-only views in MongoDB under stable, versioned names, for tools that speak its protocol.

A projection's collection changes with every rebuild; the views are pointed to the one in use. There is one
for every exported table, with its columns but the personal ones.
"""

from contextlib import suppress
from dataclasses import dataclass

from pymongo.database import Database
from pymongo.errors import CollectionInvalid

from services.analytics.exports.mongo_entities import ENTITY_VIEWS
from services.analytics.exports.mongo_events import EVENT_VIEWS
from services.analytics.exports.mongo_words import Pipeline
from shared.project.entry import Document
from shared.project.journal import JOURNAL
from shared.project.pointer import pointer
from shared.store.client import answering

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


MONGO_VIEWS = tuple(MongoView(table, 1, reads, pipeline) for table, reads, pipeline in ENTITY_VIEWS) + tuple(
    MongoView(table, 1, JOURNAL, pipeline) for table, pipeline in EVENT_VIEWS
)


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
