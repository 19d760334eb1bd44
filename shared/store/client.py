"""The client of the database, set up once per process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from shared.errors import Unavailable
from shared.store.slow import SlowLog

Document = dict[str, Any]
Client = MongoClient[Document]
SELECTION_MS = 3_000
ANSWER_MS = 20_000


def connect(url: str) -> Client:
    """Return a client that connects when it is first used, and says within seconds when it can not."""
    return MongoClient(
        url,
        connect=False,
        tz_aware=True,
        serverSelectionTimeoutMS=SELECTION_MS,
        connectTimeoutMS=SELECTION_MS,
        socketTimeoutMS=ANSWER_MS,
        event_listeners=[SlowLog()],
    )


@contextmanager
def answering() -> Iterator[None]:
    """Turn every failure of the database inside the block into Unavailable."""
    try:
        yield
    except PyMongoError as error:
        raise Unavailable(f"the database does not answer: {error}") from error


def reachable(client: Client) -> Callable[[], str | None]:
    """Return the readiness check of a database."""

    def check() -> str | None:
        client.admin.command("ping")
        return None

    return check
