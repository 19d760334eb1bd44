"""`rapport quarantine`: refused events, mended and handed in again."""

import json
from typing import Any

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, fields, items, show, table


@click.group("quarantine")
def command() -> None:
    """Look at refused events, mend and resubmit them."""


@command.command("list")
@click.option("--limit", default=50, show_default=True)
@reaching(None)
@as_json
def list_(api: Api, limit: int, json_: bool) -> None:
    """List what SERVICE could not apply, with the reason."""
    found = api.get("quarantine", limit=limit)
    columns = ("id", "source", "type", "reasons", "received_at")
    show(found, json_, lambda answer: table(items(answer), columns, "The quarantine is empty."))


@command.command("show")
@reaching(None)
@click.argument("item")
@as_json
def show_one(api: Api, item: str, json_: bool) -> None:
    """Show one item with its original bytes."""
    show(api.get("quarantine", item), json_, fields)


@command.command()
@reaching(None)
@click.argument("item")
@click.option("--data", help="The mended data as JSON; as it was, when left out.")
@as_json
def resubmit(api: Api, item: str, data: str | None, json_: bool) -> None:
    """Hand an item in again, mended with --data."""
    show(api.post("quarantine", item, "resubmit", body=_mended(data)), json_, fields)


@command.command()
@reaching(None)
@click.argument("item")
@as_json
def discard(api: Api, item: str, json_: bool) -> None:
    """Give an item up; it stays counted."""
    show(api.post("quarantine", item, "discard", body={}), json_, fields)


def _mended(data: str | None) -> dict[str, Any]:
    if data is None:
        return {}
    try:
        return {"data": json.loads(data)}
    except ValueError as error:
        raise click.BadParameter(f"is no JSON: {error}", param_hint="--data") from error
