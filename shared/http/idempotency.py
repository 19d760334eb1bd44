"""Idempotency-Key: a repeated POST gets the first answer instead of a second effect.

Follows draft-ietf-httpapi-idempotency-key-header-07. Only successes are remembered: a refused request has
written nothing, so its repeat is decided afresh.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.http.problem import Problem
from shared.store.client import answering

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The first answer, as it went out."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Answers(Protocol):
    """Remembers answers by the scope of their request."""

    def begin(self, scope: str, fingerprint: bytes) -> Remembered | None:
        """Claim `scope`, or return its answer. Raises: Problem 409 (running), 422 (other body)."""

    def finish(self, scope: str, answer: Remembered) -> None:
        """Keep the answer for 24 hours."""

    def abandon(self, scope: str) -> None:
        """Give the claim back: the request had no effect."""


def other_body() -> Problem:
    """The key was used before with another body."""
    return Problem(422, "This Idempotency-Key was used with another body.", kind="idempotency-key-reused")


def still_running() -> Problem:
    """The first request under this key has no answer yet."""
    detail = "The first request with this Idempotency-Key is still running."
    return Problem(409, detail, kind="idempotency-key-running", headers={"Retry-After": "1"})


class MemoryAnswers:
    """Remembers in this process, for tests."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, Remembered | None]] = {}

    def begin(self, scope: str, fingerprint: bytes) -> Remembered | None:
        """See Answers."""
        known = self._kept.setdefault(scope, (fingerprint, None))
        if known[0] is fingerprint:
            return None
        if known[0] != fingerprint:
            raise other_body()
        if known[1] is None:
            raise still_running()
        return known[1]

    def finish(self, scope: str, answer: Remembered) -> None:
        """See Answers."""
        self._kept[scope] = (self._kept[scope][0], answer)

    def abandon(self, scope: str) -> None:
        """See Answers."""
        self._kept.pop(scope, None)


def _now() -> datetime:
    return datetime.now(UTC)


class MongoAnswers:
    """Remembers in the service's own database; a claim whose process died is free again after a minute."""

    def __init__(self, database: Database[dict[str, Any]], clock: Callable[[], datetime] = _now) -> None:
        self._kept = database["idempotency"]
        self._clock = clock

    def prepare(self) -> None:
        """Create the index that forgets answers after 24 hours."""
        self._kept.create_index("begun_at", expireAfterSeconds=int(KEPT.total_seconds()), name="forget")

    def begin(self, scope: str, fingerprint: bytes) -> Remembered | None:
        """See Answers."""
        claim = {"_id": _digest(scope), "fingerprint": fingerprint, "begun_at": self._clock(), "answer": None}
        with answering():
            try:
                self._kept.insert_one(claim)
            except DuplicateKeyError:
                return self._repeat(claim)
        return None

    def finish(self, scope: str, answer: Remembered) -> None:
        """See Answers."""
        kept = {"status": answer.status, "headers": [list(h) for h in answer.headers], "body": answer.body}
        with answering():
            self._kept.update_one({"_id": _digest(scope)}, {"$set": {"answer": kept}})

    def abandon(self, scope: str) -> None:
        """See Answers."""
        with answering():
            self._kept.delete_one({"_id": _digest(scope), "answer": None})

    def _repeat(self, claim: dict[str, Any]) -> Remembered | None:
        first = self._kept.find_one({"_id": claim["_id"]})
        if first is None or not (first["answer"] or first["fingerprint"] != claim["fingerprint"]):
            self._take_over(claim)
            return None
        if first["fingerprint"] != claim["fingerprint"]:
            raise other_body()
        kept = first["answer"]
        return Remembered(kept["status"], tuple((n, v) for n, v in kept["headers"]), bytes(kept["body"]))

    def _take_over(self, claim: dict[str, Any]) -> None:
        stale = {"_id": claim["_id"], "answer": None, "begun_at": {"$lt": claim["begun_at"] - LEASE}}
        if not self._kept.update_one(stale, {"$set": {"begun_at": claim["begun_at"]}}).modified_count:
            raise still_running()


def _digest(scope: str) -> str:
    return sha256(scope.encode()).hexdigest()
