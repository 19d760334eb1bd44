"""`rapport ledger`: what became of all events."""

import click

from shared.cli.api import Api
from shared.cli.place import SERVICES
from shared.cli.show import as_json, items, show, table

COLUMNS = ("service", "source", "accepted", "applied", "duplicate", "quarantined", "suppressed", "difference")


@click.command("ledger")
@click.option("--service", "services", multiple=True, type=click.Choice(SERVICES), help="Only these (all).")
@click.option("--key", help="API key (RAPPORT_KEY; the local administrator's key).")
@as_json
def command(services: tuple[str, ...], key: str | None, json_: bool) -> None:
    """Show per service and source: accepted = applied + duplicate + quarantined + suppressed."""
    rows = [
        {"service": name, **row}
        for name in services or SERVICES
        for row in items(Api(name, key=key).get("ledger"))
    ]
    show(rows, json_, lambda found: table(found, COLUMNS, "Nothing was received yet."))
    if any(row.get("difference") for row in rows):
        raise click.ClickException("the ledger does not add up")
