"""`rapport export`: tables as Parquet, CSV or XLSX."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import requests

from shared.cli.api import Api, reaching
from shared.cli.progress import progress
from shared.cli.show import as_json, items, show, table
from shared.errors import Unavailable
from shared.exports.files import FORMATS
from shared.exports.manifest import Terms
from shared.exports.run import Done, Export, Lines

DAY = click.DateTime(("%Y-%m-%d",))
PARTITIONS = {"parquet": "day", "csv": "day", "xlsx": "none"}


@click.command("export")
@click.argument("tables", nargs=-1, metavar="TABLE...")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="parquet", show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.")
@click.option(
    "--partition", type=click.Choice(("day", "month", "none")), help="Folders `dt=…`; day, for xlsx none."
)
@click.option("--since", type=DAY, help="Only rows of this day and later ones.")
@click.option("--as-of", help="As it was then in the world (RFC 3339).")
@click.option("--known-at", help="As it was known then (RFC 3339).")
@click.option("--bom", is_flag=True, help="CSV with a byte order mark, for spreadsheets that need one.")
@reaching("analytics")
@as_json
def command(
    api: Api,
    tables: tuple[str, ...],
    format_: str,
    out: Path | None,
    partition: str | None,
    since: datetime | None,
    as_of: str | None,
    known_at: str | None,
    bom: bool,
    json_: bool,
) -> None:
    """Export TABLEs (`all` for every one) into a folder; again into the same folder, only what has changed.

    Without a TABLE the tables are listed. Of the past, `all` are those that have one.
    """
    if not tables:
        show(api.get("exports"), json_, lambda answer: table(items(answer), ("table", "version", "says")))
        return
    if out is None:
        raise click.UsageError("say where to with --out")
    day = since.date().isoformat() if since else None
    terms = Terms(format_, partition or PARTITIONS[format_], bom, day, as_of, known_at)
    with progress("export") as step:
        export = Export(out, terms, lambda name, query: _lines(api, name, query), _told(step))
        done = list(export.run(_named(api, tables, bound=terms.bound)))
    show([asdict(each) for each in done], json_, lambda rows: table(rows, Done.__slots__))


def _named(api: Api, tables: tuple[str, ...], *, bound: bool) -> Iterable[str]:
    """Return the tables asked for; of the past, `all` are those that have one."""
    if tables != ("all",):
        return tables
    return [each["table"] for each in items(api.get("exports")) if each["past"] or not bound]


def _told(step: Any) -> Any:
    return lambda name, fraction, rows: step(fraction, f"{name}: {rows:,} rows")


def _lines(api: Api, name: str, query: dict[str, Any]) -> Lines:
    return _streamed(api, name, {key: value for key, value in query.items() if value is not None})


@contextmanager
def _streamed(api: Api, name: str, query: dict[str, Any]) -> Iterator[Iterable[bytes]]:
    with api.fetch("GET", f"/v1/exports/{name}", params=query, stream=True) as answer:
        try:
            yield answer.iter_lines(chunk_size=1 << 16)
        except requests.RequestException as error:
            raise Unavailable(f"the export of {name} broke off: {error}; try again") from error
