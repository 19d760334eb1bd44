"""The log of another service, as its readers need it."""

from dataclasses import dataclass
from typing import Protocol

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
