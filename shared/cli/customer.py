"""`rapport customer`: look at customers."""

from typing import Any

import click

from shared.cli.api import Api, reaching
from shared.cli.portrait import name_of, points_of, portrait
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
    behind = ", ".join(answer.get("behind", [])) or None
    fields({**portrait(answer["customer"]), **({"behind": behind} if behind else {})})


def _line(view: dict[str, Any]) -> dict[str, Any]:
    return {"id": view["id"], "name": name_of(view), "known_as": points_of(view) or None}
