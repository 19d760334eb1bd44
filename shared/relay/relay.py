"""From the log to the broker: in position order, nothing lost, repeated only after a crash."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.events import Event
from shared.events.wire import Message, encode
from shared.relay.lease import Leadership
from shared.relay.publisher import Outcome
from shared.store.port import Head

LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything up to `position` is confirmed by the broker; `generation` is the leader that wrote it."""

    position: int = 0
    generation: int = 0


class CheckpointStore(Protocol):
    """Keeps one guarded checkpoint per name."""

    def load_checkpoint(self, name: str) -> Checkpoint:
        """Return the checkpoint, at position 0 when there is none."""
        ...

    def advance(self, name: str, old: Checkpoint, new: Checkpoint) -> bool:
        """Store `new` if `old` is still what is stored; tell whether it was."""
        ...


class Log(Protocol):
    """The part of the store a relay reads."""

    def read_log(self, after: int, limit: int, partition: int | None = None) -> list[Event]:
        """Return up to `limit` events after a position, in order, without gaps."""
        ...

    def head(self) -> Head:
        """Return the end of the log."""
        ...


class Publishing(Protocol):
    """The part of the publisher a relay uses."""

    def publish(self, messages: Sequence[Message]) -> Outcome:
        """Return once all messages are confirmed, in order."""
        ...


class Relay:
    """Publishes a log. A crash at any line repeats messages and loses none (tests/unit/test_relay.py)."""

    name = "relay"

    def __init__(
        self,
        log: Log,
        checkpoints: CheckpointStore,
        publisher: Publishing,
        leadership: Leadership,
        limit: int = LIMIT,
    ) -> None:
        self._log, self._checkpoints, self._publisher = log, checkpoints, publisher
        self._leadership, self._limit = leadership, limit
        self._mark: Checkpoint | None = None
        self.published = 0

    def step(self) -> int:
        """Publish the next events and return how many; 0 when there are none or another process leads.

        Raises Unavailable when log or broker are away; the next step tries the same events again.
        """
        if not self._leadership.hold():
            self._mark = None
            return 0
        mark = self._mark or self._checkpoints.load_checkpoint(self.name)
        events = self._log.read_log(mark.position, self._limit)
        if events:
            self._publisher.publish([encode(event) for event in events])
            self.published += len(events)
            mark = self._advance(mark, events[-1].position)
        self._mark = mark
        return len(events)

    def lag(self) -> int:
        """Return how many events of the log are not confirmed yet, whoever leads."""
        return self._log.head().position - self._checkpoints.load_checkpoint(self.name).position

    def release(self) -> None:
        """Give up leadership, so that another process continues at once."""
        self._mark = None
        self._leadership.release()

    def _advance(self, mark: Checkpoint, position: int) -> Checkpoint:
        new = Checkpoint(position, self._leadership.generation)
        self._mark = None  # reload should this fail: another leader has moved the checkpoint
        advanced = self._checkpoints.advance(self.name, mark, new)
        return new if advanced else self._checkpoints.load_checkpoint(self.name)
