"""Collections and indexes of a log. A service refuses to start when one is missing."""

from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.errors import Corrupt

EVENTS, LOG = "events", "log"
INDEXES: dict[str, tuple[list[tuple[str, int]], bool]] = {
    "position": ([("position", ASCENDING)], True),
    "stream_version": ([("stream", ASCENDING), ("version", ASCENDING)], True),
    "partition_position": ([("partition", ASCENDING), ("position", ASCENDING)], False),
}


def prepare(database: Database[dict[str, Any]], partitions: int) -> None:
    """Create the log when it is new; else verify it.

    Indexes are made on the empty collection only: building one over data is not crash-safe everywhere.
    Raises Corrupt naming the missing index or the partition count the log was made with.
    """
    counters = database["counters"]
    if counters.find_one({"_id": LOG}) is None:
        for name, (keys, unique) in INDEXES.items():
            database[EVENTS].create_index(keys, name=name, unique=unique)
        try:
            counters.insert_one({"_id": LOG, "position": 0, "tails": [0] * partitions})
        except DuplicateKeyError:
            verify(database, partitions)  # another process of this service was first
    verify(database, partitions)


def verify(database: Database[dict[str, Any]], partitions: int) -> None:
    """Raise Corrupt unless every index is there and the partition count is the one of the log."""
    present = {
        (tuple(i["key"]), bool(i.get("unique"))) for i in database[EVENTS].index_information().values()
    }
    for name, (keys, unique) in INDEXES.items():
        if (tuple(keys), unique) not in present:
            raise Corrupt(f"index {name} of {database.name}.{EVENTS} is missing")
    log = database["counters"].find_one({"_id": LOG})
    if log is None or len(log["tails"]) != partitions:
        raise Corrupt(f"{database.name} was made with another number of partitions than {partitions}")
