"""`rapport contracts`: the published event contracts."""

import click

from shared.cli.show import as_json, show, table


@click.group("contracts")
def command() -> None:
    """Write, check and list the event contracts."""


@command.command()
def write() -> None:
    """Write the JSON Schemas and golden events that are missing."""
    from shared.contracts import files
    from shared.contracts.catalogue import CATALOGUE

    written = files.write(files.FOLDER, CATALOGUE)
    click.echo(f"{len(written)} files written.")


@command.command()
@as_json
def check(json_: bool) -> None:
    """Fail when a committed contract is stale or a published one is broken."""
    from shared.contracts import files
    from shared.contracts.catalogue import CATALOGUE

    found = files.check(files.FOLDER, CATALOGUE)
    show(found, json_, lambda told: click.echo("\n".join(told) or "All contracts hold."))
    if found:
        raise SystemExit(1)


@command.command("list")
@as_json
def list_(json_: bool) -> None:
    """List the event types with owner and personal fields."""
    from shared.contracts.catalogue import CATALOGUE

    rows = [{"type": each.type, "owner": each.owner, "personal": list(each.personal)} for each in CATALOGUE]
    show(rows, json_, lambda found: table(found, ("type", "owner", "personal")))
