"""`rapport sql`: SQL over a folder of exports."""

from decimal import Decimal
from math import isfinite
from pathlib import Path

import click

from shared.cli.show import as_json, show, table
from shared.exports.sql import ask

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("sql")
@click.argument("statement")
@click.option("--from", "folder", type=FOLDER, required=True, help="The folder of `rapport export`.")
@as_json
def command(statement: str, folder: Path, json_: bool) -> None:
    """Ask exported tables in SQL (DuckDB's), such as "SELECT channel, sum(net) FROM orders GROUP BY 1"."""
    columns, rows = ask(folder, statement)
    found = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    show(found, json_, lambda answer: table(answer, columns))


def _plain(value: object) -> object:
    """Return a value as JSON has it: a sum of integers is one, and what JSON has no word for is a text."""
    if isinstance(value, Decimal) and value.as_tuple().exponent == 0:
        return int(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
