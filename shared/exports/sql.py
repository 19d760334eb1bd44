"""SQL over a folder of exports, by DuckDB: nothing is read outside the folder, and nothing is fetched."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from shared.errors import NotFound, Rejected
from shared.exports.manifest import FILE
from shared.exports.run import KEPT
from shared.exports.table import schema

DICTIONARY = "dictionary"
CLOSED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
)


def connect(folder: Path) -> Any:
    """Return a connection with the tables of a folder as views. Raises NotFound when there are none."""
    import duckdb

    if not (folder / FILE).exists():
        raise NotFound(f"{folder} holds no exported table; rapport export makes one")
    connection = duckdb.connect()
    for statement in CLOSED:
        connection.execute(statement)
    _name_tables(connection, folder.resolve())
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET allowed_directories = [{_quoted(str(folder.resolve()))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def ask(folder: Path, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows of a statement. Raises Rejected with what DuckDB has against it."""
    import duckdb

    with closing(connect(folder)) as connection:
        try:
            found = connection.execute(statement)
            return [column[0] for column in found.description or ()], found.fetchall()
        except duckdb.Error as error:
            raise Rejected(str(error)) from error


def _name_tables(connection: Any, folder: Path) -> None:
    """Make a view of every table; one without rows has its columns all the same."""
    told = json.loads((folder / FILE).read_text())["tables"]
    base = folder / KEPT if (folder / KEPT).is_dir() else folder
    for name, known in told.items():
        files = [str(path) for path in sorted((base / name).rglob("*.parquet"))]
        if files:
            connection.read_parquet(files, hive_partitioning=True, union_by_name=True).create_view(name)
        else:
            connection.register(name, schema(tuple(known["columns"].items())).empty_table())
    connection.register(DICTIONARY, _dictionary(told))


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


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
