"""What goes into the journal at once, and what remains of it per partition."""

from dataclasses import dataclass

from shared.events import Event


@dataclass(frozen=True, slots=True)
class Batch:
    """The next events of one partition of one source: `mark` is the position they follow."""

    source: str
    partition: int
    mark: int
    events: tuple[Event, ...]
    received: int
    duplicates: int = 0

    @property
    def upto(self) -> int:
        """The mark that this batch leaves."""
        return self.events[-1].position if self.events else self.mark


@dataclass(frozen=True, slots=True)
class Mark:
    """What has been journaled of one partition of one source, and the counts of how it came."""

    position: int = 0
    received: int = 0
    duplicates: int = 0
    applied: int = 0
