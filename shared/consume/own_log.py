"""A service's own log, read as the logs of the others are."""

from collections.abc import Mapping
from typing import Any

from shared.consume.source_log import SourceHead
from shared.events import Event
from shared.store.port import Store


class OwnLog:
    """The log of a service that follows itself and hears no channel. Raises Unavailable as the store does."""

    def __init__(self, store: Store) -> None:
        self.service, self._store = store.service, store

    def read(self, after: int, limit: int, partition: int) -> list[Event]:
        """Return up to `limit` events of a partition after a position, in order."""
        return self._store.read_log(after, limit, partition)

    def head(self) -> SourceHead:
        """Return the end of the log."""
        found = self._store.head()
        return SourceHead(found.position, found.tails)

    def recent_head(self) -> SourceHead | None:
        """Return the end of the log: it is at hand."""
        return self.head()

    def ledger(self) -> Mapping[str, Any]:
        """Return that no channel reports here."""
        return {"sources": []}
