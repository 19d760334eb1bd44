"""What became of deliveries, kept in the service's database: marks for ever, deliveries for thirty days."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.events import Event
from shared.store.client import answering
from shared.webhooks.posting import Outcome
from shared.webhooks.progress import Mark

MARKS, DELIVERIES = "webhook_marks", "webhook_deliveries"
KEPT_SECONDS = 30 * 24 * 3_600
Document = dict[str, Any]


class Book:
    """Marks are guarded: who writes one has to know what it was. Raises Unavailable."""

    def __init__(self, database: Database[Document]) -> None:
        self._marks, self._deliveries = database[MARKS], database[DELIVERIES]

    def prepare(self) -> None:
        """Make the indexes that lists and the end of deliveries need."""
        with answering():
            keys = [("webhook_id", ASCENDING), ("position", ASCENDING)]
            self._deliveries.create_index(keys, name="webhook_position")
            self._deliveries.create_index("at", name="kept", expireAfterSeconds=KEPT_SECONDS)

    def marks(self, keys: Sequence[str]) -> dict[str, Mark]:
        """Return the marks of several subscriptions."""
        with answering():
            found = self._marks.find({"_id": {"$in": list(keys)}})
            return {str(d.pop("_id")): Mark(**d) for d in found}

    def advance(self, key: str, old: Mark | None, new: Mark) -> bool:
        """Store the new mark if the old one is still what is stored; tell whether it was."""
        with answering():
            if old is not None:
                same = {"_id": key, **asdict(old)}
                return bool(self._marks.replace_one(same, asdict(new)).matched_count)
            try:
                self._marks.insert_one({"_id": key, **asdict(new)})
            except DuplicateKeyError:
                return False
            return True

    def note(self, key: str, event: Event, attempts: int, outcome: Outcome, at: datetime) -> None:
        """Keep what became of a delivery; a later attempt replaces it."""
        line = {
            "_id": f"{key}|{event.position}",
            "webhook_id": key,
            "position": event.position,
            "event_id": event.id,
            "type": event.full_type,
            "delivered": outcome.delivered,
            "attempts": attempts,
            "status": outcome.status,
            "error": outcome.error,
            "took_ms": outcome.took_ms,
            "at": at,
        }
        with answering():
            self._deliveries.replace_one({"_id": line["_id"]}, line, upsert=True)

    def deliveries(self, key: str, below: int | None, limit: int) -> list[Document]:
        """Return deliveries by position, the latest first, below a position."""
        query: Document = {"webhook_id": key} | ({} if below is None else {"position": {"$lt": below}})
        with answering():
            found = self._deliveries.find(query, {"_id": 0, "webhook_id": 0})
            return list(found.sort("position", DESCENDING).limit(limit))
