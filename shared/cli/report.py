"""`rapport report`: questions and reports, on the screen or as files."""

from pathlib import Path
from typing import Any

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, items, show, table

FORMATS = ("html", "pdf", "csv")


@click.group("report")
def command() -> None:
    """Answer the questions every company has, or reports of your own."""


@command.command("list")
@reaching("analytics")
@as_json
def list_all(api: Api, json_: bool) -> None:
    """List the shipped questions and the saved reports."""
    saved = items(api.get("reports"))
    found = [*items(api.get("questions")), *({**r, "asks": "saved by you"} for r in saved)]
    show({"items": found}, json_, lambda answer: table(items(answer), ("id", "title", "asks")))


@command.command("show")
@click.argument("name")
@click.option("--as-of", help="What had happened by then (RFC 3339).")
@click.option("--known-at", help="What was known by then (RFC 3339).")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A .html, .pdf or .csv file.")
@reaching("analytics")
@as_json
def show_one(
    api: Api, name: str, as_of: str | None, known_at: str | None, out: Path | None, json_: bool
) -> None:
    """Show the report NAME, or write it to a file."""
    clocks = {"as_of": as_of, "known_at": known_at}
    if out is None:
        show(api.get("reports", name, "rendered", **clocks), json_, _page)
        return
    form = out.suffix.removeprefix(".")
    if form not in FORMATS:
        raise click.BadParameter(f"{out.name} needs to end with .{', .'.join(FORMATS)}", param_hint="--out")
    query = {n: v for n, v in {**clocks, "format": form}.items() if v is not None}
    out.write_bytes(api.fetch("GET", f"/v1/reports/{name}/rendered", params=query).content)
    click.echo(f"{out} written")


def _page(page: dict[str, Any]) -> None:
    click.secho(page["title"], bold=True)
    if teams := page.get("limited_to"):
        click.echo(f"limited to {', '.join(teams)}")
    for part in page["parts"]:
        if "rows" not in part:
            click.echo(f"\n{part['text']}")
            continue
        click.echo(f"\n{part['name']}. {part['note']}")
        units = {column["name"]: column["unit"] for column in part["columns"]}
        rows = [{name: _read(value, units[name]) for name, value in row.items()} for row in part["rows"]]
        table(rows, tuple(units), "Nothing in this time.")


def _read(value: Any, unit: str) -> Any:
    """Return a value as a table shows it: money in its major unit, a share in percent."""
    if value is None or unit in ("text", "count", "number"):
        return value
    if unit.isupper():
        return {"amount": value, "currency": unit}
    return f"{100 * value:.1f} %" if unit == "share" else f"{round(value, 2):,} {unit}"
