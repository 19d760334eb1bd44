"""Where a projection's views are kept: one collection, its checkpoint, and the hot views in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database

from shared.errors import Error
from shared.project.entry import Document
from shared.project.hot import Hot
from shared.project.lot import Passage
from shared.project.projection import View
from shared.project.transact import transact
from shared.store.lots import in_lots

CHECKPOINTS, PARKED = "checkpoints", "parked"
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

    def pass_over(self, passage: Passage) -> None:
        """Move past the entries of a lot."""
        self.position = passage.position
        for service, marks in passage.marks.items():
            self.marks.setdefault(service, {}).update(marks)
            self.counts[service] = self.counts.get(service, 0) + passage.counts[service]

    def document(self) -> Document:
        """Return the stored fields."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a flush writes of one target."""

    guard: UpdateOne
    collection: str
    views: Mapping[str, bytes | None]
    known: frozenset[str]
    parking: Sequence[Parking]


class Target:
    """Views are staged in memory and flushed with the guarded checkpoint in one transaction."""

    def __init__(self, database: Database[Document], collection: str, hot: Hot | None = None) -> None:
        self.database, self.collection, self._hot = database, collection, hot or Hot()
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
        self._hot.begin(self.collection, whole=self.at.position == 0)

    def load(self, keys: Iterable[str]) -> dict[str, View]:
        """Return the views of these keys; one that does not exist is left out."""
        views: dict[str, View] = {}
        unknown: list[str] = []
        for key in keys:
            if key in self._staged:
                staged = self._staged[key]
                views |= {key: staged} if staged is not None else {}
                continue
            kept = self._hot.get(self.collection, key)
            self._exists[key] = kept is not None
            if kept is not None:
                views[key] = bson.decode(kept, _READ)
            elif not self._hot.whole(self.collection):
                unknown.append(key)
        return views | self._fetch(unknown)

    def stage(self, views: Mapping[str, View | None], passage: Passage | None = None) -> None:
        """Remember views to be written, each asked for by `load` before, and move past their entries."""
        self._staged.update(views)
        if passage:
            self.at.pass_over(passage)

    def add(self, views: Mapping[str, View]) -> None:
        """Remember new views to be written: none of these keys has one yet, so nothing is asked."""
        self._staged.update(views)
        self._exists.update(dict.fromkeys(views, False))

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
        flush([self])

    def draft(self) -> Draft:
        """Return what a flush has to write."""
        views = {k: bson.encode({**v, "_id": k}) if v is not None else None for k, v in self._staged.items()}
        step = {"$set": self.at.document() | {"flushes": self.at.flushes + 1}}
        guard = UpdateOne({"_id": self.collection, "flushes": self.at.flushes}, step)
        known = frozenset(key for key in views if self._exists[key])
        return Draft(guard, self.collection, views, known, tuple(self._parking))

    def written(self, draft: Draft) -> None:
        """Take note that a draft has been written."""
        self.at.flushes += 1
        for key, view in draft.views.items():
            self._hot.put(self.collection, key, view)
        self._staged, self._exists, self._parking = {}, {}, []
        self.stored = Checkpoint(**self.at.document())

    def _fetch(self, keys: list[str]) -> dict[str, View]:
        views: dict[str, View] = {
            d["_id"]: d for lot in in_lots(keys) for d in self._views.find({"_id": {"$in": lot}})
        }
        for key, view in views.items():
            self._exists[key] = True
            self._hot.put(self.collection, key, bson.encode(view))
        return views


def flush(targets: Sequence[Target]) -> None:
    """Write views and checkpoints of all these targets of one database in one transaction.

    Raises StaleCheckpoint when the checkpoint of any of them is not the one left here; nothing is written
    then.
    """
    drafts = [(target, target.draft()) for target in targets if target.behind or target.dirty]
    if drafts:
        written = [draft for _, draft in drafts]
        transact(drafts[0][0].database, lambda session: _write(drafts[0][0].database, written, session))
    for target, draft in drafts:
        target.written(draft)


def _write(database: Database[Document], drafts: Sequence[Draft], session: ClientSession) -> None:
    # The guards first: a second writer conflicts here, before it has written anything.
    guards = database[CHECKPOINTS].bulk_write([draft.guard for draft in drafts], session=session)
    if guards.matched_count != len(drafts):
        raise StaleCheckpoint(f"not the checkpoints left here: {', '.join(d.collection for d in drafts)}")
    for draft in drafts:
        _write_views(database[draft.collection], draft, session)
    parking = [change for draft in drafts for change in draft.parking]
    if parking:
        database[PARKED].bulk_write(parking, session=session)


def _write_views(views: Collection[Document], draft: Draft, session: ClientSession) -> None:
    new = [RawBSONDocument(v) for k, v in draft.views.items() if v is not None and k not in draft.known]
    old = [_change(k, v) for k, v in draft.views.items() if k in draft.known]
    if new:
        views.insert_many(new, ordered=False, session=session)
    if old:
        views.bulk_write(old, ordered=False, session=session)


def _change(key: str, view: bytes | None) -> ReplaceOne[Any] | DeleteOne:
    return DeleteOne({"_id": key}) if view is None else ReplaceOne({"_id": key}, RawBSONDocument(view))
