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
    view = api.get(*_path(who), as_of=as_of, known_at=known_at)
    if not timeline:
        show(view, json_, fields)
        return
    happened = api.get("customers", str(_id(view, who)), "timeline", as_of=as_of, known_at=known_at)
    show(happened, json_, lambda found: table(items(found), ("occurred_at", "channel", "type", "summary")))


@command.command()
@click.argument("query", default="")
@click.option("--limit", default=20, show_default=True)
@reaching("analytics")
@as_json
def search(api: Api, query: str, limit: int, json_: bool) -> None:
    """Find customers by any text of theirs."""
    found = api.get("customers", q=query or None, limit=limit)
    show(
        found,
        json_,
        lambda answer: table(items(answer), ("id", "name", "country", "last_contact_at"), "None found."),
    )


def _path(who: str) -> tuple[str, ...]:
    kind, colon, value = who.partition(":")
    return ("customers", "by", kind, value) if colon else ("customers", who)


def _id(view: Any, otherwise: str) -> Any:
    known = view.get("customer", view)
    return known.get("id") or known.get("customer_id") or otherwise
