"""One file of the spool."""

import os
import shutil
from pathlib import Path

from .errors import SpoolDamaged
from .message import Message


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

    def trim(self) -> None:
        """Leave only what was not read, when all that was read is confirmed or kept elsewhere."""
        if self.open or not 0 < self.read < self.written:
            return
        rest = self.path.with_suffix(".rest")
        with self.path.open("rb") as file, rest.open("wb") as kept:
            file.seek(self.read)
            shutil.copyfileobj(file, kept)
            kept.flush()
            os.fsync(kept.fileno())
        rest.replace(self.path)
        self.written, self.read = self.written - self.read, 0


def cut_torn_line(path: Path) -> None:
    """Remove half a last line: it was never promised to anyone."""
    whole = path.read_bytes()
    kept = whole[: whole.rfind(b"\n") + 1]
    if not kept:
        path.unlink()
    elif kept != whole:
        os.truncate(path, len(kept))


def count(segment: Segment) -> int:
    """Count the messages of a file. Raises SpoolDamaged when something in it is none."""
    try:
        with segment.path.open("rb") as file:
            return len([Message.from_line(line).id for line in file])
    except (ValueError, KeyError, TypeError) as error:
        raise SpoolDamaged(f"{segment.path} holds a line that is no message: {error}") from error
