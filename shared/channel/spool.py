"""Messages on disk: append-only files, each removed once the broker has confirmed all it holds."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from .errors import SpoolDamaged, SpoolFull, SpoolTaken
from .message import Message

SEGMENT_BYTES = 4 << 20
FIRST = 1_000_000  # numbers below are for what has to go out before everything already spooled


class Segment:
    """One append-only file of messages, and how many of them are not confirmed yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = path.stat().st_size if path.exists() else 0
        self.read = 0
        self.open = 0

    @property
    def number(self) -> int:
        """Its place in the order of the files."""
        return int(self.path.stem)

    @property
    def done(self) -> bool:
        """Whether everything written was read and confirmed."""
        return self.read == self.written and not self.open

    def lines(self, most: int) -> list[bytes]:
        """Read up to `most` whole lines after the last read one."""
        with self.path.open("rb") as file:
            file.seek(self.read)
            found: list[bytes] = []
            while len(found) < most and self.read < self.written:
                line = file.readline()
                self.read += len(line)
                found.append(line)
        return found


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
        self.unread = sum(_count(segment) for segment in self._segments)

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
            self._remove(segment)

    def close(self) -> None:
        """Let go of the directory; what is not confirmed stays."""
        if self._tail is not None:
            os.fsync(self._tail.fileno())
            self._tail.close()
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

    def _remove(self, segment: Segment) -> None:
        if segment is self._segments[-1]:
            self._finish_tail()
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
        _cut_torn_line(path)
    return [Segment(path) for path in sorted(directory.glob("*.spool"))]


def _cut_torn_line(path: Path) -> None:
    whole = path.read_bytes()
    kept = whole[: whole.rfind(b"\n") + 1]
    if not kept:
        path.unlink()
    elif kept != whole:
        os.truncate(path, len(kept))


def _count(segment: Segment) -> int:
    try:
        with segment.path.open("rb") as file:
            return len([Message.from_line(line).id for line in file])
    except (ValueError, KeyError, TypeError) as error:
        raise SpoolDamaged(f"{segment.path} holds a line that is no message: {error}") from error


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
