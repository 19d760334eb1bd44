"""Partitions as files: Parquet is what is kept; CSV and XLSX are written from it. Each is replaced whole."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from shared.errors import Rejected

FORMATS = ("parquet", "csv", "xlsx")
ROWS_OF_A_SHEET = 1_048_575  # below the header
DANGEROUS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the wide forms, too
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 has no way to write them
REPLACEMENT = "\ufffd"
Written = Callable[[Path, Any, bool], None]


def safe(value: Any) -> Any:
    """Return a text that every sheet can hold and none takes for a formula: with an apostrophe before it.

    OWASP, CSV injection: the characters that begin a formula.
    """
    if not isinstance(value, str):
        return value
    written = UNWRITABLE.sub(REPLACEMENT, value)
    return f"'{written}" if written.startswith(DANGEROUS) else written


def read_parquet(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a partition as analytics sent them; none when there is no file."""
    import pyarrow.parquet as pq

    if not path.exists():
        return []
    return [
        {name: _sent(value) for name, value in row.items()} for row in pq.ParquetFile(path).read().to_pylist()
    ]


def _sent(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def parquet(path: Path, rows: Any, _bom: bool) -> None:
    """Write Arrow rows."""
    import pyarrow.parquet as pq

    pq.write_table(rows, path, compression="zstd")


def csv_(path: Path, rows: Any, bom: bool) -> None:
    """Write RFC 4180 in UTF-8, with a byte order mark for those spreadsheets that need one."""
    with path.open("w", newline="", encoding="utf-8-sig" if bom else "utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows.schema.names)
        writer.writerows([_text(safe(value)) for value in row] for row in _rows(rows))


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _sent(value)


def xlsx(path: Path, rows: Any, _bom: bool) -> None:
    """Write one sheet; moments are in UTC, for a sheet knows no zones. Raises Rejected for too many rows."""
    from openpyxl import Workbook

    if rows.num_rows > ROWS_OF_A_SHEET:
        raise Rejected(
            f"{rows.num_rows} rows do not fit into a sheet; choose --partition month or another format"
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.parent.name[:31] or "rows")
    sheet.append(rows.schema.names)
    for row in _rows(rows):
        sheet.append([_plain(safe(value)) for value in row])
    book.save(path)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _rows(rows: Any) -> Iterator[Sequence[Any]]:
    for batch in rows.to_batches(max_chunksize=5_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


WRITERS: Mapping[str, Written] = {"parquet": parquet, "csv": csv_, "xlsx": xlsx}


def replace(path: Path, rows: Any, *, bom: bool = False) -> None:
    """Write a partition in the format of the file's ending, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    WRITERS[path.suffix[1:]](draft, rows, bom)
    draft.replace(path)
