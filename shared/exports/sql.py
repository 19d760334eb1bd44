"""SQL over a folder of exports, by DuckDB: nothing else is read, nothing written, and nothing fetched."""

from collections.abc import Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from shared.errors import Rejected
from shared.exports.manifest import Manifest, manifest_in
from shared.exports.run import DATA, KEPT
from shared.exports.table import PARTITION, schema

DICTIONARY = "dictionary"
CLOSED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
)


def connect(folder: Path) -> Any:
    """Return a connection with the tables of a folder. Raises NotFound when there are none, Corrupt."""
    import duckdb

    manifest = manifest_in(folder)
    connection = duckdb.connect()
    for statement in CLOSED:
        connection.execute(statement)
    _name_tables(connection, folder, manifest)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def ask(folder: Path, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a statement.

    Raises Rejected with what DuckDB has against it; NotFound or Corrupt when the folder is no export.
    """
    import duckdb
    import pyarrow as pa

    with closing(connect(folder)) as connection:
        try:
            found = connection.sql(statement)
            if found is None:  # nothing was asked
                return [], []
            rows = found.to_arrow_table()
            values = (column.to_pylist() for column in rows.columns)
            return _told_apart(rows.column_names), list(zip(*values, strict=True))
        except (duckdb.Error, pa.ArrowException, OverflowError) as error:
            raise Rejected(str(error)) from error


def _told_apart(names: list[str]) -> list[str]:
    """Return names of which no two are the same: a second `order_id` is `order_id_1`."""
    told: list[str] = []
    for name in names:
        tries = (f"{name}_{number}" if number else name for number in count())
        told.append(next(each for each in tries if each not in told))
    return told


def _name_tables(connection: Any, folder: Path, manifest: Manifest) -> None:
    """Register every table; one without rows has its columns all the same.

    What Arrow reads needs no access to files, so a statement has none: it can neither read nor write one.
    """
    base = folder / KEPT if (folder / KEPT).is_dir() else folder
    for name, known in manifest.tables.items():
        connection.register(name, _rows(base / name, known, manifest.terms.partition))
    connection.register(DICTIONARY, _dictionary(manifest.tables))


def _rows(folder: Path, known: Mapping[str, Any], size: str) -> Any:
    """Return the rows of a table's partitions, with that as a column: a day, or a month as text."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    columns = schema(known["columns"].items())
    files = [str(folder / partition / DATA) for partition in known["partitions"]]
    if not files:
        return columns.empty_table()
    if "" in known["partitions"]:
        return ds.dataset(files, columns)
    cut = pa.field(PARTITION, pa.date32() if size == "day" else pa.string())
    by = ds.partitioning(pa.schema([cut]), flavor="hive")
    return ds.dataset(files, columns.append(cut), partitioning=by, partition_base_dir=str(folder))


def _dictionary(told: Mapping[str, Any]) -> Any:
    """Return what every column of every table means, as a table."""
    import pyarrow as pa

    rows = [
        {"table_name": table, "column_name": name, "type": type_, "says": known["says"][name]}
        for table, known in told.items()
        for name, type_ in known["columns"].items()
    ]
    names = ("table_name", "column_name", "type", "says")
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))
