"""Rows of CSV, NDJSON and Excel files, one at a time, with the broken ones told apart."""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO


@dataclass(frozen=True, slots=True)
class Row:
    """One record; `number` counts records from 1, headers apart. Empty text is absent."""

    number: int
    values: Mapping[str, Any]

    def value(self, column: str) -> Any:
        """Return the value of a column, or of a dotted path into nested objects; None when absent."""
        found = self.values.get(column)
        if found is None and "." in column:
            found = self.values
            for part in column.split("."):
                found = found.get(part) if isinstance(found, Mapping) else None
        return None if found == "" else found


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that gives no event: its number, the field (empty for the whole record), and why."""

    number: int
    field: str
    reason: str


class UnreadableFile(ValueError):
    """The file can not be read as what the mapping says it is."""


class Source:
    """An open file; `fraction` tells how much of it is read."""

    def __init__(self, path: Path, dialect: Mapping[str, Any]) -> None:
        self._path, self._dialect = path, dialect
        self._size = max(path.stat().st_size, 1)
        self._raw: BinaryIO | None = None
        self._done = 0.0

    @property
    def fraction(self) -> float:
        """How much of the file is read, 0 to 1."""
        return self._done if self._raw is None or self._raw.closed else self._raw.tell() / self._size

    def __iter__(self) -> Iterator[Row | Refused]:
        readers = {"csv": self._csv, "ndjson": self._ndjson, "excel": self._excel}
        yield from readers[self._dialect["format"]]()
        self._done = 1.0

    def _text(self) -> io.TextIOWrapper:
        self._raw = self._path.open("rb")
        plain: Any = gzip.GzipFile(fileobj=self._raw) if self._path.suffix == ".gz" else self._raw
        # Undecodable bytes are carried along and refuse their own row only.
        return io.TextIOWrapper(plain, self._dialect["encoding"], errors="surrogateescape", newline="")

    def _csv(self) -> Iterator[Row | Refused]:
        with self._text() as text:
            lines = csv.reader(text, delimiter=self._dialect["delimiter"], quotechar=self._dialect["quote"])
            header = next(lines, None)
            if not header:
                raise UnreadableFile(f"{self._path} is empty")
            header[0] = header[0].removeprefix("\ufeff")
            yield from self._records(header, lines)

    def _records(self, header: list[str], lines: Any) -> Iterator[Row | Refused]:
        number = 0
        while True:
            number += 1
            try:
                cells = next(lines, None)
            except csv.Error as error:
                yield Refused(number, "", f"is no CSV: {error}")
                continue
            if cells is None:
                return
            if not cells:
                number -= 1
                continue
            yield _record(number, header, cells)

    def _ndjson(self) -> Iterator[Row | Refused]:
        with self._text() as text:
            for number, line in enumerate((each for each in text if each.strip()), 1):
                yield _object(number, line)

    def _excel(self) -> Iterator[Row | Refused]:
        from openpyxl import load_workbook

        book = load_workbook(self._path, read_only=True, data_only=True)
        sheet = book[self._dialect["sheet"]] if self._dialect.get("sheet") else book.worksheets[0]
        lines = sheet.iter_rows(values_only=True)
        header = [str(cell) for cell in next(lines, ()) if cell is not None]
        total = max(sheet.max_row or 1, 1)
        for number, cells in enumerate(lines, 1):
            self._done = number / total
            if any(cell is not None for cell in cells):
                yield Row(number, dict(zip(header, map(_cell, cells), strict=False)))
        book.close()


def _record(number: int, header: list[str], cells: list[str]) -> Row | Refused:
    if len(cells) != len(header):
        return Refused(number, "", f"has {len(cells)} columns instead of {len(header)}")
    for name, cell in zip(header, cells, strict=True):
        if not cell.isascii() and _broken(cell):
            return Refused(number, name, "has bytes that are no text in the file's encoding")
    return Row(number, dict(zip(header, cells, strict=True)))


def _object(number: int, line: str) -> Row | Refused:
    if _broken(line):
        return Refused(number, "", "has bytes that are no text in the file's encoding")
    try:
        values = json.loads(line)
    except ValueError as error:
        return Refused(number, "", f"is no JSON: {error}")
    return Row(number, values) if isinstance(values, dict) else Refused(number, "", "is no JSON object")


def _broken(text: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in text)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)
