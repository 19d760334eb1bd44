"""The log of another service, as its readers need it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.events import Event


@dataclass(frozen=True, slots=True)
class SourceHead:
    """The end of a source's log: its last position, and the last position of every partition."""

    position: int
    tails: tuple[int, ...]


class SourceLog(Protocol):
    """The log of another service, read over its API. Raises Unavailable when it is away."""

    def read(self, after: int, limit: int, partition: int) -> list[Event]:
        """Return up to `limit` events of a partition after a position, in order."""
        ...

    def head(self) -> SourceHead:
        """Return the end of the log."""
        ...


class Source(SourceLog, Protocol):
    """A service whose log is followed, and which is asked how it fares."""

    @property
    def service(self) -> str:
        """Its name."""
        ...

    def recent_head(self) -> SourceHead | None:
        """Return the end of the log as of a second ago; None while the service is away."""
        ...

    def ledger(self) -> Mapping[str, Any]:
        """Return what became of every channel event the service received. Raises Unavailable."""
        ...
