"""Effects in the service's database: collection `effects`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from shared.consume.effects import Effect, State
from shared.errors import Unavailable

Document = dict[str, Any]


class MongoEffects:
    """Effects as documents. Every method raises Unavailable when the database is away."""

    def __init__(self, database: Database[Document]) -> None:
        self._effects = database["effects"]

    def ensure_indexes(self) -> None:
        """Make the index that lists parked effects."""
        with _translated():
            self._effects.create_index([("state", 1), ("at", 1)])

    def insert(self, effect: Effect) -> bool:
        """Store a new effect; False when one with its id is there."""
        with _translated():
            try:
                self._effects.insert_one(_document(effect))
            except DuplicateKeyError:
                return False
            return True

    def get(self, effect_id: str) -> Effect | None:
        """Return the effect, or None."""
        with _translated():
            found = self._effects.find_one({"_id": effect_id})
        return _effect(found) if found else None

    def settle(self, effect: Effect) -> None:
        """Replace the effect with the same id."""
        with _translated():
            self._effects.replace_one({"_id": effect.id}, _document(effect), upsert=True)

    def forget(self, effect_id: str) -> None:
        """Remove the effect."""
        with _translated():
            self._effects.delete_one({"_id": effect_id})

    def unknown(self, limit: int = 100) -> list[Effect]:
        """Return parked effects, oldest first."""
        with _translated():
            found = self._effects.find({"state": State.UNKNOWN.value}).sort("at", 1).limit(limit)
            return [_effect(document) for document in found]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except PyMongoError as error:
        raise Unavailable(f"the database does not answer: {error}") from error


def _document(effect: Effect) -> Document:
    fields = asdict(effect)
    return {"_id": fields.pop("id"), **fields, "state": effect.state.value}


def _effect(found: Document) -> Effect:
    at = found["at"] if found["at"].tzinfo else found["at"].replace(tzinfo=UTC)
    state = State(found["state"])
    return Effect(found["_id"], found["reaction"], found["event_id"], state, at, found["note"])
