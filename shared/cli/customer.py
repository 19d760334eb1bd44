"""`rapport customer`: look at customers."""

from typing import Any

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, fields, items, show, table


@click.group("customer")
def command() -> None:
    """Look at customers."""


@command.command("show")
@click.argument("who")
@click.option("--timeline", is_flag=True, help="What happened, newest first.")
@click.option("--as-of", help="As it was then in the world (RFC 3339).")
@click.option("--known-at", help="As it was known then (RFC 3339).")
@reaching("analytics")
@as_json
def show_one(
    api: Api, who: str, timeline: bool, as_of: str | None, known_at: str | None, json_: bool
) -> None:
    """Show a customer by id or by KIND:VALUE, such as email:ada@example.com."""
    if timeline:
        happened = api.get("customers", who, "timeline", as_of=as_of, known_at=known_at)
        show(happened, json_, lambda found: table(items(found), ("at", "channel", "type", "text")))
    else:
        show(api.get("customers", who, as_of=as_of, known_at=known_at), json_, _view)


@command.command()
@click.argument("query", default="")
@click.option("--limit", default=20, show_default=True)
@reaching("analytics")
@as_json
def search(api: Api, query: str, limit: int, json_: bool) -> None:
    """Find customers by words or identifiers; without QUERY, those of the highest value."""
    found = api.get("customers", q=query or None, limit=limit)
    show(
        found,
        json_,
        lambda answer: table(map(_line, items(answer)), ("id", "name", "known_as"), "None found."),
    )


def _view(answer: dict[str, Any]) -> None:
    fields({**answer["customer"], "lag": answer.get("lag")})


def _line(view: dict[str, Any]) -> dict[str, Any]:
    profile = view.get("profile", {})
    names = [profile[part]["value"] for part in ("name", "given_name", "family_name") if part in profile]
    points = [f"{point.get('kind')}:{point.get('value')}" for point in view.get("contact_points", [])]
    return {
        "id": view["id"],
        "name": " ".join(filter(None, names)) or None,
        "known_as": ", ".join(points) or None,
    }
