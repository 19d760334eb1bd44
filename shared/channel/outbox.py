"""What was emitted and not yet confirmed: in memory while all goes well, on disk otherwise, in order."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from .message import Message
from .segment import Segment
from .spool import Spool

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Entry:
    """One message and the spool file that also holds it, if any."""

    message: Message
    segment: Segment | None = None


class Outbox:
    """A bounded, thread-safe queue in front of the sender.

    Oldest first: what was taken and given back, then memory, then the spool. Whatever is in memory is older
    than whatever is unread in the spool (proved by tests/unit/channel/test_outbox.py).
    """

    def __init__(self, directory: Path, *, durable: bool, memory: int, limit: int) -> None:
        """Take the spool directory, with what an earlier process left in it."""
        self._spool = Spool(directory, limit)
        self._durable, self._most = durable, memory
        self._again: deque[Entry] = deque()
        self._memory: deque[Message] = deque()
        self._taken: dict[int, Entry] = {}
        self._away = False
        self._changed = threading.Condition()
        self.confirmed = 0

    @property
    def pending(self) -> int:
        """How many messages the broker has not confirmed."""
        return len(self._again) + len(self._memory) + len(self._taken) + self._spool.unread

    def put(self, message: Message) -> None:
        """Take a message behind all others; on disk when durable or the broker is away. Raises SpoolFull."""
        with self._changed:
            mark = self._place(message)
        if mark:
            self._spool.sync(mark)

    def _place(self, message: Message) -> int:
        full = len(self._memory) >= self._most
        if self._durable or self._away or full or self._spool.unread:
            return self._spool.append(message)
        self._memory.append(message)
        return 0

    def take(self, most: int) -> list[Entry]:
        """Hand out up to `most` messages, oldest first; each is then confirmed, or all are given back."""
        with self._changed:
            found = _pop(self._again, most)
            found += [Entry(message) for message in _pop(self._memory, most - len(found))]
            if len(found) < most and self._spool.unread:
                found += [Entry(*each) for each in self._spool.take(most - len(found))]
            self._taken.update((id(entry), entry) for entry in found)
            return found

    def confirm(self, entries: list[Entry]) -> None:
        """Note that the broker has them: they are gone for good."""
        with self._changed:
            for entry in entries:
                del self._taken[id(entry)]
                if entry.segment is not None:
                    self._spool.confirmed(entry.segment)
            self.confirmed += len(entries)
            self._changed.notify_all()

    def give_back(self, entries: list[Entry]) -> None:
        """Put messages that were refused in front of all others."""
        with self._changed:
            for entry in entries:
                del self._taken[id(entry)]
            self._again.extendleft(reversed(entries))

    def here(self) -> None:
        """Note that the broker is reachable."""
        with self._changed:
            self._away = False

    def hold(self) -> None:
        """Note that the broker takes nothing now: everything unconfirmed is written to disk."""
        with self._changed:
            self._away = True
            self._line_up()
            self._keep([*self._taken.values(), *self._again])

    def away(self) -> None:
        """Note that the broker is gone: all of it is kept on disk, and what was taken comes first again."""
        with self._changed:
            self.hold()
            self._take_back()

    def _line_up(self) -> None:
        self._again.extend(Entry(message) for message in _pop(self._memory, len(self._memory)))

    def _take_back(self) -> None:
        self._again.extendleft(reversed(self._taken.values()))
        self._taken.clear()

    def _keep(self, entries: list[Entry]) -> None:
        unsafe = [index for index, entry in enumerate(entries) if entry.segment is None]
        if not unsafe:
            return
        # What comes before an unsafe message is copied with it: the order on disk is the order of sending.
        self._copy(entries[: unsafe[-1] + 1])

    def _copy(self, head: Sequence[Entry]) -> None:
        segment = self._spool.prepend(entry.message for entry in head)
        for entry in head:
            if entry.segment is not None:
                self._spool.confirmed(entry.segment)
            entry.segment = segment

    def wait(self, timeout: float) -> bool:
        """Wait until nothing is pending; whether that came true within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.pending, timeout)

    def close(self) -> None:
        """Write what is unconfirmed to disk, without what is confirmed, and let go of the directory."""
        with self._changed:
            self._line_up()
            self._take_back()
            if self._again:
                self._copy(self._again)
            self._spool.close()


def _pop(queue: deque[T], most: int) -> list[T]:
    return [queue.popleft() for _ in range(min(most, len(queue)))]
