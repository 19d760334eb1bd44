"""The list of an aggregate without a database: as `Listing` reads it, from a store in memory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.decide.streams import list_of
from shared.store.memory import MemoryStore


class Lines:
    """Pages through the lines that the store in memory holds."""

    def __init__(self, store: MemoryStore, category: str) -> None:
        self._lines = store.documents[list_of(category)]

    def page(self, wanted: Mapping[str, Any], after: str | None, limit: int) -> list[dict[str, Any]]:
        """Return lines by id, above `after`, with these values; a list is for any of its values."""
        lines = ({"id": key, **line} for key, line in sorted(self._lines.items()) if key > (after or ""))
        return [line for line in lines if all(_has(line[n], v) for n, v in wanted.items())][:limit]

    def begun(self, since: datetime, to: datetime) -> list[str]:
        """Return the ids of what began in a window, ends included, in order."""
        return sorted(key for key, line in self._lines.items() if since <= line["began"] <= to)


def _has(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)
