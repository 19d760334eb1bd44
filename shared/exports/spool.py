"""Keeps what an export sends, by partition, until its last line has said that it is whole."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from shared.errors import Unavailable
from shared.exports.table import Row, Table, partition_of

BUFFER_BYTES = 16_000_000
FILE = "rows.ndjson"


class Spool:
    """A folder beside the export; rows of one partition come back together, however they arrived."""

    def __init__(self, folder: Path, table: Table, size: str) -> None:
        self._folder, self._table, self._size = folder, table, size
        self._waiting: dict[str, list[bytes]] = {}
        self._bytes = 0
        self.gone: set[str] = set()
        shutil.rmtree(folder, ignore_errors=True)

    def take(self, lines: Iterable[bytes]) -> Iterator[int]:
        """Keep the rows, yielding how many there are so far. Raises Unavailable without a last line."""
        count = 0
        for line in lines:
            told = orjson.loads(line)
            if "$end" in told:
                self._check(told["$end"]["rows"], count)
                yield count
                return
            count += 1
            self._keep(line, told)
            if count % 1_000 == 0:
                yield count
        raise Unavailable(f"the export of {self._table.name} broke off after {count} rows; try again")

    def partitions(self) -> list[str]:
        """Return the partitions that rows arrived for."""
        self._flush()
        found = sorted(path.parent for path in self._folder.rglob(FILE))
        return ["" if folder == self._folder else folder.name for folder in found]

    def rows(self, partition: str) -> list[Row]:
        """Return the rows that arrived for a partition."""
        path = self._folder / partition / FILE
        if not path.exists():
            return []
        with path.open("rb") as file:
            return [orjson.loads(line) for line in file]

    def remove(self) -> None:
        """Forget everything."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _check(self, told: int, count: int) -> None:
        if told != count:
            raise Unavailable(f"the export of {self._table.name} lost rows: {count} of {told}; try again")

    def _keep(self, line: bytes, row: Any) -> None:
        if "$gone" in row:
            self.gone.add(row["$gone"])
            return
        self._waiting.setdefault(partition_of(self._table, row, self._size), []).append(line)
        self._bytes += len(line)
        if self._bytes > BUFFER_BYTES:
            self._flush()

    def _flush(self) -> None:
        for name, lines in self._waiting.items():
            folder = self._folder / name
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / FILE).open("ab") as file:
                file.write(b"\n".join(lines) + b"\n")
        self._waiting, self._bytes = {}, 0
