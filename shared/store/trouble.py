"""What can go wrong with a transaction, and whether trying again helps."""

import random
from collections.abc import Iterator

from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    PyMongoError,
    ServerSelectionTimeoutError,
)

ATTEMPTS = 20
NEVER_PASSING = (DuplicateKeyError, BulkWriteError, ServerSelectionTimeoutError)


class Overtaken(Exception):
    """A document was not as it had been read."""


def passing(error: PyMongoError) -> bool:
    """Tell whether the same transaction may succeed when it is tried again."""
    labels = ("TransientTransactionError", "UnknownTransactionCommitResult")
    away = isinstance(error, AutoReconnect) or any(error.has_error_label(label) for label in labels)
    return away and not isinstance(error, NEVER_PASSING)


def only_duplicates(error: DuplicateKeyError | BulkWriteError | Overtaken) -> None:
    """Raise the error again unless others were first, which is what the caller can explain."""
    if isinstance(error, Overtaken):
        return
    details = error.details or {}
    codes = {e.get("code") for e in details.get("writeErrors", [])} or {error.code}
    if codes != {11000}:
        raise error


def pauses() -> Iterator[float]:
    """Yield the seconds to wait before each further attempt: at random, and longer and longer."""
    for attempt in range(ATTEMPTS):
        yield random.uniform(0, min(0.5, 0.005 * 2**attempt))  # noqa: S311 jitter, not a secret
