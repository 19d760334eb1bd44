"""`rapport config`: the settings of this environment."""

import click

from shared.cli.show import as_json, fields, show


@click.group("config")
def command() -> None:
    """Check the settings."""


@command.command()
@click.option("--service", help="As this service would read them.")
@as_json
def check(service: str | None, json_: bool) -> None:
    """Print the effective settings with secrets masked; fail with every setting that is wrong."""
    from shared.config import Settings

    show(Settings.read(service=service).masked(), json_, fields)
