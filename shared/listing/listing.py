"""Page through the lines of an aggregate, filtered by the fields it declares."""

from collections.abc import Mapping
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from shared.decide import Decider
from shared.decide.streams import list_of
from shared.store.client import answering

Document = dict[str, Any]


class Listing:
    """The list of one aggregate; lines change in the transaction that appends the events behind them."""

    def __init__(self, database: Database[Document], decider: Decider[Any]) -> None:
        self._lines, self._filters = database[list_of(decider.category)], decider.filters

    def prepare(self) -> None:
        """Make the indexes, while the list is empty."""
        with answering():
            for field in ("shelf", *self._filters):
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


def _condition(value: Any) -> Any:
    return {"$in": value} if isinstance(value, list) else value


def _line(document: Document) -> Document:
    line = {"id": document.pop("_id"), **document}
    line.pop("shelf", None)
    return line
