"""The log as the relay of the process that writes it reads it: the newest events from memory."""

from shared.events import Event
from shared.store.mongo import MongoStore
from shared.store.port import Head


class Near:
    """A page may be short although more follows, as what another process appended: the next one brings it."""

    def __init__(self, store: MongoStore) -> None:
        self._store = store

    def read_log(self, after: int, limit: int, partition: int | None = None) -> list[Event]:
        """Return events above `after`, in order, without gaps; none only when there are none."""
        near = self._store.recent(after, limit) if partition is None else []
        return near or self._store.read_log(after, limit, partition)

    def head(self) -> Head:
        """Return the end of the log."""
        return self._store.head()
