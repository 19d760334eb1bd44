"""API keys: their records and the rings that keep them."""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

from pymongo.database import Database

from shared.errors import NotFound
from shared.store.client import answering


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The record of a key; the key itself is shown once, when it is made, and never stored.

    `teams` are those whose numbers alone it sees; none is no limit.
    """

    id: str
    hash: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    source: str | None = None
    types: tuple[str, ...] = ()
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    teams: tuple[str, ...] = ()

    def valid_at(self, now: datetime) -> bool:
        """Whether the key opens anything at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyRing(Protocol):
    """Keeps the records of API keys."""

    def find(self, key_id: str) -> ApiKey | None:
        """The record, or None. May be a few seconds old. Raises: Unavailable."""

    def add(self, key: ApiKey) -> None:
        """Store a new record durably."""

    def all(self) -> list[ApiKey]:
        """Every record, oldest first."""

    def revoke(self, key_id: str, at: datetime) -> ApiKey:
        """Mark the key revoked; the first revocation's time stays. Raises: NotFound."""


def make_key(
    name: str,
    scopes: Iterable[str],
    created_at: datetime,
    source: str | None = None,
    types: Iterable[str] = (),
    expires_at: datetime | None = None,
    teams: Iterable[str] = (),
) -> tuple[str, ApiKey]:
    """A new key in the clear, `rk_<id>_<43 characters>`, and the record to store."""
    key_id = secrets.token_hex(6)
    token = f"rk_{key_id}_{secrets.token_urlsafe(32)}"
    hashed = sha256(token.encode()).hexdigest()
    record = ApiKey(
        key_id, hashed, name, tuple(scopes), created_at, source, tuple(types), expires_at, teams=tuple(teams)
    )
    return token, record


class MemoryKeyRing:
    """A ring for tests."""

    def __init__(self, keys: Iterable[ApiKey] = ()) -> None:
        self._keys = {key.id: key for key in keys}

    def find(self, key_id: str) -> ApiKey | None:
        """See KeyRing."""
        return self._keys.get(key_id)

    def add(self, key: ApiKey) -> None:
        """See KeyRing."""
        self._keys[key.id] = key

    def all(self) -> list[ApiKey]:
        """See KeyRing."""
        return sorted(self._keys.values(), key=lambda key: key.created_at)

    def revoke(self, key_id: str, at: datetime) -> ApiKey:
        """See KeyRing."""
        if key_id not in self._keys:
            raise NotFound(f"There is no key {key_id}.")
        key = self._keys[key_id]
        self._keys[key_id] = replace(key, revoked_at=key.revoked_at or at)
        return self._keys[key_id]


class MongoKeyRing:
    """The ring in the service's own database; found records are remembered for `ttl` seconds.

    A revocation is therefore effective at once in the process that made it and within `ttl` in all others.
    """

    def __init__(
        self, database: Database[dict[str, Any]], ttl: float = 3.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._records = database["api_keys"]
        self._ttl, self._now = ttl, now
        self._seen: dict[str, tuple[float, ApiKey | None]] = {}

    def find(self, key_id: str) -> ApiKey | None:
        """See KeyRing."""
        until, key = self._seen.get(key_id, (0.0, None))
        if self._now() < until:
            return key
        key = self._load(key_id)
        if len(self._seen) > 1000:
            self._seen.clear()
        self._seen[key_id] = (self._now() + self._ttl, key)
        return key

    def add(self, key: ApiKey) -> None:
        """See KeyRing."""
        record = asdict(key)
        with answering():
            self._records.insert_one({"_id": record.pop("id"), **record})
        self._seen.pop(key.id, None)

    def all(self) -> list[ApiKey]:
        """See KeyRing."""
        with answering():
            return sorted(map(_key_of, self._records.find({})), key=lambda key: key.created_at)

    def revoke(self, key_id: str, at: datetime) -> ApiKey:
        """See KeyRing."""
        with answering():
            self._records.update_one({"_id": key_id, "revoked_at": None}, {"$set": {"revoked_at": at}})
        self._seen.pop(key_id, None)
        key = self._load(key_id)
        if key is None:
            raise NotFound(f"There is no key {key_id}.")
        return key

    def _load(self, key_id: str) -> ApiKey | None:
        with answering():
            record = self._records.find_one({"_id": key_id})
        return _key_of(record) if record else None


def _key_of(record: dict[str, Any]) -> ApiKey:
    values = {name: _typed(value) for name, value in record.items() if name != "_id"}
    return ApiKey(id=record["_id"], **values)


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
