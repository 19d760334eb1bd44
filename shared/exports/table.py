"""What analytics says of a table it exports, and a table's rows as Arrow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.errors import Corrupt

Row = Mapping[str, Any]
PARTITION = "dt"


@dataclass(frozen=True, slots=True)
class Table:
    """The first line of an export: columns as (name, type), the key of a row, the moment that partitions."""

    name: str
    version: int
    key: tuple[str, ...]
    day: str | None
    columns: tuple[tuple[str, str], ...]
    says: Mapping[str, str]
    upto: int
    about: int

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Table":
        """Return the table that `$begin` tells of. Raises Corrupt when the answer does not begin so."""
        if "$begin" not in told:
            raise Corrupt("the answer does not begin as an export does")
        begin = told["$begin"]
        columns = tuple((column["name"], column["type"]) for column in begin["columns"])
        says = {column["name"]: column["says"] for column in begin["columns"]}
        return cls(
            begin["table"], begin["version"], tuple(begin["key"]), begin["day"], columns, says,
            begin["upto"], begin["about"],
        )  # fmt: skip

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """Return what tells a row apart."""
        return tuple(row[name] for name in self.key)


def is_cut(table: Table, size: str) -> bool:
    """Whether a table has a file per day or month; else it has one file, rows or not."""
    return table.day is not None and size != "none"


def partition_of(table: Table, row: Row, size: str) -> str:
    """Return the folder of a row: `dt=2026-03-01`, `dt=2026-03`, or none for a table that is not cut."""
    if table.day is None or not is_cut(table, size):
        return ""
    return f"{PARTITION}={row[table.day][: 10 if size == 'day' else 7]}"


def schema(columns: Iterable[tuple[str, str]]) -> Any:
    """Return the Arrow schema: moments in UTC, integers of 64 bits."""
    import pyarrow as pa

    types = {
        "text": pa.string(), "integer": pa.int64(), "flag": pa.bool_(), "day": pa.date32(),
        "moment": pa.timestamp("us", "UTC"),
    }  # fmt: skip
    return pa.schema([(name, types[type_]) for name, type_ in columns])


def arrow(table: Table, rows: Sequence[Row]) -> Any:
    """Return rows as an Arrow table."""
    import pyarrow as pa

    read = {"moment": datetime.fromisoformat, "day": date.fromisoformat}
    data = {
        name: [
            value if value is None or type_ not in read else read[type_](value)
            for value in _values(rows, name)
        ]
        for name, type_ in table.columns
    }
    return pa.table(data, schema=schema(table.columns))


def _values(rows: Sequence[Row], name: str) -> list[Any]:
    return [row[name] for row in rows]
