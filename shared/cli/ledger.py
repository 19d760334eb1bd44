"""`rapport ledger`: what became of all events."""

from typing import Any

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, show, table

RECEIVED = (
    "service",
    "source",
    "received",
    "applied",
    "duplicate",
    "quarantined",
    "suppressed",
    "difference",
)
JOURNALED = ("service", "head", "applied", "duplicate", "difference")


@click.command("ledger")
@reaching("analytics")
@as_json
def command(api: Api, json_: bool) -> None:
    """Show per service and source that received = applied + duplicate + quarantined + suppressed.

    The second table compares each service's log with the journal of analytics. Exit code 1 when a service
    has lost count of what it received.
    """
    answer = api.get("ledger")
    show(answer, json_, _show)
    if any(row["difference"] for row in _received(answer)):
        raise click.ClickException("the ledger does not add up")


def _received(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"service": name, **row} for name, rows in answer["sources"].items() for row in rows]


def _show(answer: dict[str, Any]) -> None:
    table(_received(answer), RECEIVED, "Nothing was received yet.")
    table(answer["journal"], JOURNALED)
    if answer["unreachable"]:
        click.echo(f"Not reached: {', '.join(answer['unreachable'])}", err=True)
