"""Messages on disk: append-only files, each removed once the broker has confirmed all it holds."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from .errors import SpoolFull, SpoolTaken
from .message import Message
from .segment import Segment, count, cut_torn_line

SEGMENT_BYTES = 4 << 20
FIRST = 1_000_000  # numbers below are for what has to go out before everything already spooled


class Spool:
    """A first-in-first-out of messages in one directory held by one process. Not thread-safe but for `sync`.

    What `append` wrote is safe once `sync` has returned; what is unconfirmed is there again after a restart.
    """

    def __init__(self, directory: Path, limit: int) -> None:
        """Take the directory. Raises SpoolTaken, SpoolDamaged."""
        self._directory, self._limit = directory, limit
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = _hold(directory)
        self._segments = deque(_recovered(directory))
        self._tail: BinaryIO | None = None
        self._appended = self._synced = 0
        self._syncing = threading.Lock()
        self.unread = sum(count(segment) for segment in self._segments)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(segment.written for segment in self._segments)

    def append(self, message: Message) -> int:
        """Write behind everything else and return a mark for `sync`. Raises SpoolFull, writing nothing."""
        line = message.to_line()
        if self.size + len(line) > self._limit:
            raise SpoolFull(
                f"{self._directory} holds {self.size} of {self._limit} bytes; is the broker away?"
            )
        file = self._writable()
        file.write(line)
        file.flush()
        self._segments[-1].written += len(line)
        self.unread += 1
        self._appended += 1
        return self._appended

    def sync(self, mark: int) -> None:
        """Return once everything up to `mark` is on the disk; callers at the same time share one fsync."""
        with self._syncing:
            if self._synced >= mark:
                return
            upto, tail = self._appended, self._tail
            if tail is not None and not tail.closed:
                os.fsync(tail.fileno())
            self._synced = upto

    def take(self, most: int) -> list[tuple[Message, Segment]]:
        """Read up to `most` messages, oldest first; `confirmed` has to be called for each."""
        found: list[tuple[Message, Segment]] = []
        for segment in self._segments:
            lines = segment.lines(most - len(found)) if segment.read < segment.written else []
            found += [(Message.from_line(line), segment) for line in lines]
            segment.open += len(lines)
            if len(found) >= most:
                break
        self.unread -= len(found)
        return found

    def prepend(self, messages: Iterable[Message]) -> Segment:
        """Write messages in front of everything else, safe on disk, as taken. Ignores the limit."""
        first = self._segments[0].number if self._segments else FIRST
        segment = Segment(self._directory / f"{first - 1:09d}.spool")
        lines = [message.to_line() for message in messages]
        with segment.path.open("xb") as file:
            file.write(b"".join(lines))
            file.flush()
            os.fsync(file.fileno())
        segment.written = segment.read = sum(map(len, lines))
        segment.open = len(lines)
        self._segments.appendleft(segment)
        _sync_directory(self._directory)
        return segment

    def confirmed(self, segment: Segment) -> None:
        """Note that the broker has one more message of `segment`; remove the file when it has them all."""
        segment.open -= 1
        if segment.done and segment in self._segments:
            self._clear(segment)

    def close(self) -> None:
        """Let go of the directory; what is not confirmed stays, and nothing else."""
        self._finish_tail()
        for segment in [each for each in self._segments if each.done]:
            self._clear(segment)
        for segment in self._segments:
            segment.trim()
        os.close(self._lock)

    def _writable(self) -> BinaryIO:
        if self._tail is not None and self._segments[-1].written >= SEGMENT_BYTES:
            self._finish_tail()
        if self._tail is None:
            number = self._segments[-1].number + 1 if self._segments else FIRST
            segment = Segment(self._directory / f"{number:09d}.spool")
            self._tail = segment.path.open("xb")
            self._segments.append(segment)
            _sync_directory(self._directory)
        return self._tail

    def _finish_tail(self) -> None:
        if self._tail is not None:
            with self._syncing:
                os.fsync(self._tail.fileno())
                self._tail.close()
                self._tail = None

    def _clear(self, segment: Segment) -> None:
        """Drop a file that the broker has whole; the one being written is emptied and used again."""
        if self._tail is not None and segment is self._segments[-1]:
            self._tail.truncate(0)
            self._tail.seek(0)
            segment.written = segment.read = 0
        else:
            self._segments.remove(segment)
            segment.path.unlink()


def _hold(directory: Path) -> int:
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise SpoolTaken(
            f"{directory} is used by another process; give each its own spool directory"
        ) from error
    return lock


def _recovered(directory: Path) -> list[Segment]:
    for path in sorted(directory.glob("*.spool")):
        cut_torn_line(path)
    return [Segment(path) for path in sorted(directory.glob("*.spool"))]


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
