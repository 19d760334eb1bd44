"""Where a projection's views are kept: one collection, its checkpoint, and the hot views in memory."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING, DeleteOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from shared.errors import Error
from shared.project.entry import Document, Entry
from shared.project.projection import Projection, View
from shared.project.transact import transact
from shared.store.lots import in_lots

CHECKPOINTS, PARKED = "checkpoints", "parked"
HOT_BYTES = 32_000_000
Parking = ReplaceOne[Document] | DeleteOne
_READ: CodecOptions[Any] = CodecOptions(tz_aware=True)


class StaleCheckpoint(Error):
    """Another process folds this projection, or it has been replaced: read the checkpoint again."""


@dataclass
class Checkpoint:
    """How far a projection is: its journal position, and per source what of each partition it has seen.

    `settled` is the head of the journal when the collection was new: every entry has been folded under an
    alias forest at least that old, so identity events up to there need no second fold.
    """

    position: int = 0
    settled: int = 0
    marks: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    flushes: int = 0

    def pass_over(self, entries: Iterable[Entry]) -> None:
        """Move past these entries."""
        for entry in entries:
            event = entry.event
            self.position = entry.position
            self.marks.setdefault(event.service, {})[str(event.partition)] = event.position
            self.counts[event.service] = self.counts.get(event.service, 0) + 1

    def document(self) -> Document:
        """Return the stored fields."""
        return asdict(self)


class Hot:
    """The views used last, encoded, up to a number of bytes; `whole` while it holds all there are."""

    def __init__(self, room: int = HOT_BYTES) -> None:
        self._room, self._used, self.whole = room, 0, False
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """Return the encoded view of a key, if it is here."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: str, view: bytes | None) -> None:
        """Keep a view, or forget it (None); the oldest ones give way."""
        self._used -= len(self._kept.pop(key, b""))
        if view is not None:
            self._kept[key] = view
            self._used += len(view)
        while self._used > self._room:
            self._used -= len(self._kept.popitem(last=False)[1])
            self.whole = False


class Target:
    """Views are staged in memory and flushed with the guarded checkpoint in one transaction."""

    def __init__(self, database: Database[Document], collection: str, room: int = HOT_BYTES) -> None:
        self.database, self.collection, self._room = database, collection, room
        self._views = database[collection]
        self.reload()

    def reload(self) -> None:
        """Drop everything staged and remembered; read the checkpoint as stored."""
        found = self.database[CHECKPOINTS].find_one({"_id": self.collection})
        if found is None:
            raise StaleCheckpoint(f"{self.collection} has no checkpoint: it has been retired")
        found.pop("_id")
        self.at = Checkpoint(**found)
        self.stored = Checkpoint(**self.at.document())
        self._staged: dict[str, View | None] = {}
        self._exists: dict[str, bool] = {}
        self._parking: list[Parking] = []
        self._hot = Hot(self._room)
        self._hot.whole = self.at.position == 0

    def load(self, keys: Iterable[str]) -> dict[str, View]:
        """Return the views of these keys; one that does not exist is left out."""
        views: dict[str, View] = {}
        unknown: list[str] = []
        for key in keys:
            if key in self._staged:
                staged = self._staged[key]
                views |= {key: staged} if staged is not None else {}
                continue
            kept = self._hot.get(key)
            self._exists[key] = kept is not None
            if kept is not None:
                views[key] = bson.decode(kept, _READ)
            elif not self._hot.whole:
                unknown.append(key)
        return views | self._fetch(unknown)

    def stage(self, views: Mapping[str, View | None], past: Iterable[Entry] = ()) -> None:
        """Remember views to be written, each asked for by `load` before, and move past their entries."""
        self._staged.update(views)
        self.at.pass_over(past)

    def park(self, changes: Iterable[Parking]) -> None:
        """Remember changes of the parked events to be written."""
        self._parking.extend(changes)

    @property
    def dirty(self) -> int:
        """How many views wait to be written."""
        return len(self._staged) + len(self._parking)

    @property
    def behind(self) -> int:
        """How many entries the stored checkpoint is behind the one in memory."""
        return self.at.position - self.stored.position

    @property
    def visible(self) -> Checkpoint:
        """How far the stored views are: all the way while none waits to be written."""
        return Checkpoint(**(self.stored if self.dirty else self.at).document())

    def flush(self) -> None:
        """Write views and checkpoint together. Raises StaleCheckpoint, after which `reload` is due."""
        if not self.behind and not self.dirty:
            return
        encoded = {
            k: bson.encode({**v, "_id": k}) if v is not None else None for k, v in self._staged.items()
        }
        known = {key for key in encoded if self._exists[key]}
        transact(self.database, lambda session: self._write(encoded, known, session))
        self.at.flushes += 1
        for key, view in encoded.items():
            self._hot.put(key, view)
        self._staged, self._exists, self._parking = {}, {}, []
        self.stored = Checkpoint(**self.at.document())

    def _write(self, encoded: Mapping[str, bytes | None], known: set[str], session: ClientSession) -> None:
        guard = {"_id": self.collection, "flushes": self.at.flushes}
        step = {"$set": self.at.document() | {"flushes": self.at.flushes + 1}}
        if not self.database[CHECKPOINTS].update_one(guard, step, session=session).matched_count:
            raise StaleCheckpoint(f"the checkpoint of {self.collection} is not the one left here")
        new = [RawBSONDocument(v) for k, v in encoded.items() if v is not None and k not in known]
        old = [_change(k, v) for k, v in encoded.items() if k in known]
        if new:
            self._views.insert_many(new, ordered=False, session=session)
        if old:
            self._views.bulk_write(old, ordered=False, session=session)
        if self._parking:
            self.database[PARKED].bulk_write(self._parking, session=session)

    def _fetch(self, keys: list[str]) -> dict[str, View]:
        views: dict[str, View] = {
            d["_id"]: d for lot in in_lots(keys) for d in self._views.find({"_id": {"$in": lot}})
        }
        for key, view in views.items():
            self._exists[key] = True
            self._hot.put(key, bson.encode(view))
        return views


def _change(key: str, view: bytes | None) -> ReplaceOne[Any] | DeleteOne:
    return DeleteOne({"_id": key}) if view is None else ReplaceOne({"_id": key}, RawBSONDocument(view))


def prepare_target(
    database: Database[Document], collection: str, projection: Projection, settled: int
) -> None:
    """Create the collection, its indexes while it is empty, and its checkpoint."""
    if database[CHECKPOINTS].find_one({"_id": collection}) is None:
        for keys in projection.indexes:
            database[collection].create_index([(name, ASCENDING) for name, _ in keys])
        start = Checkpoint(settled=settled).document()
        database[CHECKPOINTS].update_one({"_id": collection}, {"$setOnInsert": start}, upsert=True)
