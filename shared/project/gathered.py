"""Entries key by key, however many: sorted in memory, and what does not fit there in files without a name."""

from collections.abc import Iterator
from contextlib import ExitStack
from heapq import merge
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, Any, Self

import bson
from bson.codec_options import CodecOptions

from shared.project.entry import Document, Entry, from_document, to_document

ROOM = 32_000_000
_READ: CodecOptions[Any] = CodecOptions(tz_aware=True)
_key = itemgetter(0)


class Gathered:
    """Takes entries in the order of the journal and gives them back key by key, each key's in that order.

    Up to `room` bytes wait in memory; beyond that they go, sorted, to a temporary file, as in the journal:
    what is sealed there is sealed here. The file has no name and goes with the process, however that ends.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.count = 0
        self._room, self._used = room, 0
        self._waiting: list[tuple[str, bytes]] = []
        self._runs: list[IO[bytes]] = []
        self._files = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, key: str, entry: Entry) -> None:
        """Take an entry for a key. Raises OSError when the disk is full."""
        stored = bson.encode({"key": key, **to_document(entry)})
        self._waiting.append((key, stored))
        self.count, self._used = self.count + 1, self._used + len(stored)
        if self._used > self._room:
            self._spill()

    def by_key(self) -> Iterator[tuple[str, Entry]]:
        """Yield every key with its entries; call it once, after the last `add`."""
        self._waiting.sort(key=_key)
        runs = [*map(_documents, self._runs), ((key, bson.decode(d, _READ)) for key, d in self._waiting)]
        # Merging keeps the order of the runs, so each key's entries stay in that of the journal.
        return ((key, from_document(d)) for key, d in merge(*runs, key=_key))

    def _spill(self) -> None:
        self._waiting.sort(key=_key)
        run = self._files.enter_context(TemporaryFile())  # noqa: SIM115 closed with the others
        run.writelines(stored for _, stored in self._waiting)
        self._runs.append(run)
        self._waiting, self._used = [], 0


def _documents(run: IO[bytes]) -> Iterator[tuple[str, Document]]:
    run.seek(0)
    return ((d["key"], d) for d in bson.decode_file_iter(run, _READ))
