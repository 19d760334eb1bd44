"""`rapport keys`: API keys of a service."""

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, fields, items, show, table


@click.group("keys")
def command() -> None:
    """Make, list and revoke API keys."""


@command.command()
@reaching(None)
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, default=["events:write"], show_default=True)
@click.option("--source", help="The only source it may report as.")
@click.option("--type", "types", multiple=True, help="Pattern of types it may report, such as channel.web.*.")
@click.option("--team", "teams", multiple=True, help="A team whose numbers alone it sees; may be repeated.")
@click.option("--expires-at", help="RFC 3339; never, when left out.")
@as_json
def create(
    api: Api,
    name: str,
    scopes: tuple[str, ...],
    source: str | None,
    types: tuple[str, ...],
    teams: tuple[str, ...],
    expires_at: str | None,
    json_: bool,
) -> None:
    """Make a key; it is shown this once."""
    wanted = {
        "name": name,
        "scopes": list(scopes),
        "source": source,
        "types": list(types),
        "expires_at": expires_at,
        **({"teams": list(teams)} if teams else {}),
    }
    show(api.post("keys", body=wanted), json_, fields)


@command.command("list")
@reaching(None)
@as_json
def list_(api: Api, json_: bool) -> None:
    """List the keys, never the secrets."""
    columns = ("id", "name", "scopes", "source", "types", "teams", "expires_at", "revoked_at")
    show(api.get("keys"), json_, lambda answer: table(items(answer), columns, "There are no keys."))


@command.command()
@reaching(None)
@click.argument("key_id")
@as_json
def revoke(api: Api, key_id: str, json_: bool) -> None:
    """Revoke a key at once."""
    show(api.delete("keys", key_id), json_, fields)
