"""`rapport metrics`: the catalogue."""

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, items, show, table


@click.command("metrics")
@reaching("analytics")
@as_json
def command(api: Api, json_: bool) -> None:
    """List every metric with its version, unit and formula."""
    columns = ("id", "version", "unit", "formula")
    show(api.get("metrics"), json_, lambda found: table(items(found), columns))
