"""Events a projection could not take, kept apart so that the rest flows: listed, redriven or discarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, DeleteOne, ReplaceOne
from pymongo.database import Database

from shared.errors import NotFound
from shared.project.entry import Document, Entry
from shared.project.target import PARKED

WAITING, DISCARDED = "waiting", "discarded"


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that waits, or one that has been left out for good."""

    event_id: str
    position: int
    key: str
    type: str
    reason: str
    state: str
    parked_at: datetime


def prepare_parking(database: Database[Document]) -> None:
    """Create the index; call it while the collection is empty."""
    database[PARKED].create_index([("projection", ASCENDING), ("key", ASCENDING)], name="projection_key")


class Places:
    """The parked events of one projection; an event is parked once for every key it belongs to."""

    def __init__(self, database: Database[Document], projection: str) -> None:
        self._parked, self._projection = database[PARKED], projection

    def load(self) -> tuple[set[str], set[str]]:
        """Return the keys that wait and the ids of the events that are left out."""
        parked = self.all()
        blocked = {p.key for p in parked if p.state == WAITING}
        return blocked, {p.event_id for p in parked if p.state == DISCARDED}

    def all(self) -> list[Parked]:
        """Return every parked event, in journal order."""
        return self._sorted({"projection": self._projection})

    def of(self, key: str) -> list[Parked]:
        """Return the events that wait for a key, in journal order. Raises NotFound when there is none."""
        waiting = [
            p for p in self._sorted({"projection": self._projection, "key": key}) if p.state == WAITING
        ]
        if not waiting:
            raise NotFound(f"nothing of {self._projection} is parked for {key}")
        return waiting

    def put(self, key: str, entry: Entry, reason: str, at: datetime) -> ReplaceOne[Document]:
        """Return the write that parks an event."""
        event = entry.event
        document = {
            "_id": self._id(event.id, key), "projection": self._projection, "key": key, "event_id": event.id,
            "position": entry.position, "type": event.type, "reason": reason, "state": WAITING,
            "parked_at": at,
        }  # fmt: skip
        return ReplaceOne({"_id": document["_id"]}, document, upsert=True)

    def remove(self, parked: Parked) -> DeleteOne:
        """Return the write that unparks an event."""
        return DeleteOne({"_id": self._id(parked.event_id, parked.key)})

    def discard(self, event_id: str) -> list[ReplaceOne[Document]]:
        """Return the writes that leave a parked event out, for every key. Raises NotFound."""
        found = list(self._parked.find({"projection": self._projection, "event_id": event_id}))
        if not found:
            raise NotFound(f"{event_id} is not parked for {self._projection}")
        return [ReplaceOne({"_id": parked["_id"]}, parked | {"state": DISCARDED}) for parked in found]

    def _sorted(self, query: Mapping[str, str]) -> list[Parked]:
        found = sorted(self._parked.find(query), key=lambda d: int(d["position"]))
        return [Parked(**{k: v for k, v in d.items() if k not in ("_id", "projection")}) for d in found]

    def _id(self, event_id: str, key: str) -> str:
        return f"{self._projection}|{event_id}|{key}"
