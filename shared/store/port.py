"""What a service's event log promises, whoever keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from shared.errors import Conflict, WrongExpectedVersion
from shared.events import Event, NewEvent
from shared.store.write import Write


class Expect(Enum):
    """Expected state of a stream other than an exact version."""

    NO_STREAM = "no stream"
    EXISTS = "exists"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Append:
    """Events for one stream. `command_id` makes a retry recognisable: its events have the same ids.

    Without events it only demands the version: what the rest of its commit was decided on still holds.
    """

    stream: str
    expected: int | Expect
    events: tuple[NewEvent, ...]
    command_id: str


def unchanged(stream: str, version: int) -> Append:
    """Return the demand that a stream that was read is still at this version when the commit is done."""
    return Append(stream, version or Expect.NO_STREAM, (), "")


@dataclass(frozen=True, slots=True)
class Commit:
    """Appends and document writes that happen together or not at all."""

    appends: tuple[Append, ...] = ()
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a commit left in the log. `repeated` means an earlier commit had already done it."""

    events: tuple[Event, ...] = ()
    repeated: bool = False


class Exists(Conflict):
    """A document that was to be inserted is already there."""

    def __init__(self, collection: str, key: str) -> None:
        self.collection, self.key = collection, key
        super().__init__(f"{collection} already holds {key}")


class Changed(Conflict):
    """A document that was to be replaced is no longer as it was read."""

    def __init__(self, collection: str, key: str) -> None:
        self.collection, self.key = collection, key
        super().__init__(f"{key} in {collection} has changed in the meantime")


Outcome = Done | WrongExpectedVersion | Exists | Changed


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: last position, and the last position of every partition."""

    position: int
    tails: tuple[int, ...]


class Store(Protocol):
    """A service's log: gap-free positions, exact versions, idempotent by command id.

    A reader sees a gap-free prefix of the log at any time (proved by tests/contract/test_store.py).
    """

    service: str
    partitions: int

    def commit(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Do each commit or say why not, in order; one that fails does not harm its neighbours."""
        ...

    def read_stream(self, stream: str, after: int = 0) -> list[Event]:
        """Return the events of a stream with a version above `after`, in order."""
        ...

    def read_streams(self, streams: Sequence[str]) -> dict[str, list[Event]]:
        """Return the events of several streams at once; a stream without events is left out."""
        ...

    def read_log(self, after: int, limit: int, partition: int | None = None) -> list[Event]:
        """Return up to `limit` events with a position above `after`, in order, of one or all partitions."""
        ...

    def read_about(self, customers: Sequence[str], ids: Sequence[str] = ()) -> list[Event]:
        """Return the events about these customers, and those with these ids, in order.

        There is no index for it: the log is looked through from end to end.
        """
        ...

    def head(self) -> Head:
        """Return the end of the log."""
        ...

    def fetch(self, collection: str, keys: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Return the documents with these `_id`s by key; a missing one is left out."""
        ...


def append(store: Store, *appends: Append, writes: Sequence[Write] = ()) -> Done:
    """Append together, or raise WrongExpectedVersion, Exists or Changed."""
    (outcome,) = store.commit([Commit(appends, tuple(writes))])
    if isinstance(outcome, Done):
        return outcome
    raise outcome
