"""Run work in one transaction, again when the database asks for it."""

from collections.abc import Callable
from typing import TypeVar

from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import AutoReconnect, ServerSelectionTimeoutError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.errors import Unavailable
from shared.project.entry import Document

T = TypeVar("T")


def open_database(client: MongoClient[Document], name: str) -> Database[Document]:
    """Return the database with majority reads and writes and moments in UTC."""
    options: CodecOptions[Document] = CodecOptions(tz_aware=True)
    return client.get_database(
        name,
        codec_options=options,
        write_concern=WriteConcern("majority"),
        read_concern=ReadConcern("majority"),
    )


def transact(database: Database[Document], work: Callable[[ClientSession], T]) -> T:
    """Return what `work` returns once its writes are committed; `work` may run several times.

    After a commit of unknown outcome it runs again: its guard then finds the work done and refuses
    (tests/integration/analytics/test_fold_crash.py). Raises Unavailable when the database is away.
    """
    try:
        with database.client.start_session() as session:
            return session.with_transaction(work)
    except (AutoReconnect, ServerSelectionTimeoutError) as error:
        raise Unavailable(f"the database {database.name} does not answer: {error}") from error
