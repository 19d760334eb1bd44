"""`rapport log`: a service's own log."""

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, items, show, table


@click.group("log")
def command() -> None:
    """Read a service's log."""


@command.command()
@reaching(None)
@click.option("--after", default=0, show_default=True, help="Only positions above this.")
@click.option("--limit", default=50, show_default=True)
@click.option("--partition", type=int, default=0, show_default=True)
@as_json
def read(api: Api, after: int, limit: int, partition: int, json_: bool) -> None:
    """Read the events of SERVICE in order."""
    found = api.get("log", after=after, limit=limit, partition=partition)
    columns = ("position", "type", "stream", "version", "time", "channel")
    show(found, json_, lambda answer: table(items(answer), columns, "No events."))
