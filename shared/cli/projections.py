"""`rapport projections`: the read models of analytics."""

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, fields, items, show, table


@click.group("projections")
def command() -> None:
    """List and rebuild projections."""


@command.command("list")
@reaching("analytics")
@as_json
def list_(api: Api, json_: bool) -> None:
    """List the projections with version, position and lag."""
    columns = ("name", "version", "position", "behind_journal", "parked", "behind")
    show(api.get("projections"), json_, lambda answer: table(items(answer), columns))


@command.command()
@click.argument("name")
@reaching("analytics")
@as_json
def rebuild(api: Api, name: str, json_: bool) -> None:
    """Build a projection anew beside the live one, then switch."""
    show(api.post("projections", name, "rebuild", body={}), json_, fields)
