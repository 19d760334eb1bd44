"""Page through the lines of an aggregate, filtered by the fields it declares."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from shared.decide import Decider
from shared.decide.streams import list_of
from shared.store.client import answering

Document = dict[str, Any]
UNSEEN = ("shelf", "began")


class Listing:
    """The list of one aggregate; lines change in the transaction that appends the events behind them."""

    def __init__(self, database: Database[Document], decider: Decider[Any]) -> None:
        self._lines = database[list_of(decider.category)]
        self._indexed = ("shelf", *decider.filters, *(("began",) if decider.dated else ()))

    def prepare(self) -> None:
        """Make the indexes, while the list is empty."""
        with answering():
            for field in self._indexed:
                self._lines.create_index([(field, ASCENDING), ("_id", ASCENDING)], name=field)

    def page(self, wanted: Mapping[str, Any], after: str | None, limit: int) -> list[Document]:
        """Return up to `limit` lines by id, with these values in these fields, above the id `after`.

        Several values for a field, in a list, are alternatives.
        """
        query: Document = {name: _condition(value) for name, value in wanted.items()} or {"shelf": 0}
        if after is not None:
            query["_id"] = {"$gt": after}
        with answering():
            found = self._lines.find(query).sort("_id", ASCENDING).limit(limit)
            return [_line(document) for document in found]

    def begun(self, since: datetime, to: datetime) -> list[str]:
        """Return the ids of a dated list's aggregates that began in a window, in order.

        Those that began within a millisecond of its ends may be among them, and those whose line was written
        before lists were dated are.
        """
        with answering():
            found = (
                self._lines.find({"began": when}, {"_id": 1}) for when in ({"$gte": since, "$lte": to}, None)
            )
            return sorted(document["_id"] for each in found for document in each)


def _condition(value: Any) -> Any:
    return {"$in": value} if isinstance(value, list) else value


def _line(document: Document) -> Document:
    line = {"id": document.pop("_id"), **document}
    return {name: value for name, value in line.items() if name not in UNSEEN}
