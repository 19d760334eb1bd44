"""What is published in versions, as the lists have it: the version in force of each."""

from typing import Any, TypeVar

from pymongo.database import Database

from shared.contracts.payload import from_data
from shared.decide import Decider
from shared.decide.streams import list_of
from shared.store.client import answering

T = TypeVar("T")


def published(
    database: Database[dict[str, Any]], decider: Decider[Any], field: str, kind: type[T]
) -> list[T]:
    """Return the versions in force, which the lines of the list hold in a field. Raises Unavailable."""
    with answering():
        found = database[list_of(decider.category)].find({"status": "published"})
        return [from_data(kind, line[field]) for line in found]
