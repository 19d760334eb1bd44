"""Which collection answers for a projection: a pointer document, moved in one write."""

import time
from dataclasses import dataclass

from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database

from shared.errors import Conflict, NotFound
from shared.project.entry import Document
from shared.project.projection import Projection
from shared.project.target import CHECKPOINTS, Checkpoint

POINTERS = "projections"
REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Pointer:
    """The collection in use, the version it was folded with, and how many rebuilds have been begun."""

    collection: str
    version: int
    builds: int = 0


def pointer(database: Database[Document], name: str) -> Pointer:
    """Return the pointer of a projection. Raises NotFound."""
    found = database[POINTERS].find_one({"_id": name})
    if found is None:
        raise NotFound(f"there is no projection {name}")
    return _pointer(found)


def pointers(database: Database[Document]) -> dict[str, Pointer]:
    """Return the pointers of all projections by name, those of which no code is left included."""
    return {found["_id"]: _pointer(found) for found in database[POINTERS].find({})}


def prepare_projection(database: Database[Document], projection: Projection, head: int) -> Pointer:
    """Return the pointer of a projection; seen for the first time, it gets its collection and checkpoint."""
    try:
        return pointer(database, projection.name)
    except NotFound:
        first = f"{projection.name}_v{projection.version}"
        prepare_target(database, first, projection, head)
        start = {"collection": first, "version": projection.version, "builds": 0}
        database[POINTERS].update_one({"_id": projection.name}, {"$setOnInsert": start}, upsert=True)
        return pointer(database, projection.name)


def prepare_target(
    database: Database[Document], collection: str, projection: Projection, settled: int
) -> None:
    """Create the collection, its indexes while it is empty, and its checkpoint."""
    if database[CHECKPOINTS].find_one({"_id": collection}) is None:
        for keys in projection.indexes:
            database[collection].create_index([(name, ASCENDING) for name, _ in keys])
        start = Checkpoint(settled=settled).document()
        database[CHECKPOINTS].update_one({"_id": collection}, {"$setOnInsert": start}, upsert=True)


def next_build(database: Database[Document], projection: Projection) -> str:
    """Return the name of a new collection for a rebuild."""
    known = pointer(database, projection.name)
    guard = {"_id": projection.name, "builds": known.builds}
    if not database[POINTERS].update_one(guard, {"$set": {"builds": known.builds + 1}}).matched_count:
        raise Conflict(f"another rebuild of {projection.name} has just begun")
    return f"{projection.name}_v{projection.version}_{known.builds + 1}"


def flip(
    database: Database[Document], projection: Projection, collection: str, session: ClientSession
) -> str:
    """Point to `collection` and retire the checkpoint of the one before, whose name is returned.

    Whoever still folds the old one finds its checkpoint gone and reads the pointer again.
    """
    old = pointer(database, projection.name).collection
    new = {"collection": collection, "version": projection.version}
    guard = {"_id": projection.name, "collection": old}
    if not database[POINTERS].update_one(guard, {"$set": new}, session=session).matched_count:
        raise Conflict(f"another rebuild of {projection.name} has just finished")
    database[CHECKPOINTS].delete_one({"_id": old}, session=session)
    return old


class Views:
    """Reads projections through their pointers, which it remembers for a second."""

    def __init__(self, database: Database[Document]) -> None:
        self.database = database
        self._known: dict[str, tuple[float, Pointer]] = {}

    def pointer(self, name: str) -> Pointer:
        """Return the pointer of a projection. Raises NotFound."""
        known = self._known.get(name)
        if known is None or known[0] < time.monotonic():
            known = (time.monotonic() + REMEMBERED_SECONDS, pointer(self.database, name))
            self._known[name] = known
        return known[1]

    def collection(self, name: str) -> Collection[Document]:
        """Return the collection that answers for a projection."""
        return self.database[self.pointer(name).collection]

    def checkpoint(self, name: str) -> Checkpoint:
        """Return how far a projection is."""
        found = self.database[CHECKPOINTS].find_one({"_id": self.pointer(name).collection}) or {}
        return Checkpoint(**{k: v for k, v in found.items() if k != "_id"})


def _pointer(found: Document) -> Pointer:
    return Pointer(found["collection"], found["version"], found["builds"])
