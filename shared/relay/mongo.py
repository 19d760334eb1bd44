"""Relay state in the service's database: `leases` and `checkpoints`, one document per name."""

from datetime import UTC
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from shared.errors import Unavailable
from shared.relay.lease import Lease
from shared.relay.relay import Checkpoint

Document = dict[str, Any]


class MongoRelayState:
    """Leases and checkpoints, swapped by find-and-replace on every field they had."""

    def __init__(self, database: Database[Document]) -> None:
        self._leases, self._checkpoints = database["leases"], database["checkpoints"]

    def load_lease(self, name: str) -> Lease | None:
        """Return the lease, or None. Raises Unavailable."""
        found = self._find(self._leases, name)
        if found is None:
            return None
        return Lease(found["owner"], found["generation"], found["expires_at"].replace(tzinfo=UTC))

    def swap_lease(self, name: str, old: Lease | None, new: Lease) -> bool:
        """Store `new` if `old` is stored. Raises Unavailable."""
        return self._swap(self._leases, name, _lease(old) if old else None, _lease(new))

    def load_checkpoint(self, name: str) -> Checkpoint:
        """Return the checkpoint, at position 0 when there is none. Raises Unavailable."""
        found = self._find(self._checkpoints, name)
        return Checkpoint(found["position"], found["generation"]) if found else Checkpoint()

    def advance(self, name: str, old: Checkpoint, new: Checkpoint) -> bool:
        """Store `new` if `old` is stored. Raises Unavailable."""
        before = None if old == Checkpoint() else _checkpoint(old)
        return self._swap(self._checkpoints, name, before, _checkpoint(new))

    def _find(self, collection: Any, name: str) -> Document | None:
        try:
            return collection.find_one({"_id": name})  # type: ignore[no-any-return]
        except PyMongoError as error:
            raise Unavailable(f"the database does not answer: {error}") from error

    def _swap(self, collection: Any, name: str, old: Document | None, new: Document) -> bool:
        try:
            if old is None:
                collection.insert_one({"_id": name} | new)
                return True
            return bool(collection.replace_one({"_id": name} | old, new).matched_count)
        except DuplicateKeyError:
            return False
        except PyMongoError as error:
            raise Unavailable(f"the database does not answer: {error}") from error


def _lease(lease: Lease) -> Document:
    return {"owner": lease.owner, "generation": lease.generation, "expires_at": lease.expires_at}


def _checkpoint(mark: Checkpoint) -> Document:
    return {"position": mark.position, "generation": mark.generation}
