"""`rapport webhooks`: who is told of a service's events, and how that goes."""

import click

from shared.cli.api import Api, reaching
from shared.cli.show import as_json, fields, items, show, table


@click.group("webhooks")
def command() -> None:
    """Subscribe URLs to a service's events, test, watch and replay."""


@command.command()
@reaching(None)
@click.argument("webhook_id")
@click.argument("url_to_post_to", metavar="RECEIVER_URL")
@click.option("--type", "types", multiple=True, required=True, help="Pattern of event types; repeatable.")
@click.option("--description")
@click.option("--personal", is_flag=True, help="Personal fields too; needs the scope pii:read.")
@as_json
def register(
    api: Api,
    webhook_id: str,
    url_to_post_to: str,
    types: tuple[str, ...],
    description: str | None,
    personal: bool,
    json_: bool,
) -> None:
    """Subscribe a URL to events of SERVICE; the secret is shown this once."""
    wanted = {"url": url_to_post_to, "types": list(types), "personal": personal, "description": description}
    show(api.post("webhooks", webhook_id, "register", body=wanted), json_, fields)


@command.command("list")
@reaching(None)
@click.option("--status", help="active, paused, disabled or removed.")
@as_json
def list_(api: Api, status: str | None, json_: bool) -> None:
    """List the subscriptions to SERVICE."""
    columns = ("id", "status", "url", "types", "personal", "reason")
    found = api.get("webhooks", status=status)
    show(found, json_, lambda answer: table(items(answer), columns, "Nobody has subscribed."))


@command.command()
@reaching(None)
@click.argument("webhook_id")
@as_json
def progress(api: Api, webhook_id: str, json_: bool) -> None:
    """Show how far a subscription is in the log, and what it fails on."""
    show(api.get("webhooks", webhook_id, "progress"), json_, fields)


@command.command()
@reaching(None)
@click.argument("webhook_id")
@click.option("--limit", default=50, show_default=True)
@as_json
def deliveries(api: Api, webhook_id: str, limit: int, json_: bool) -> None:
    """List what became of the deliveries, the latest event first."""
    columns = ("position", "type", "delivered", "attempts", "status", "error", "at")
    found = api.get("webhooks", webhook_id, "deliveries", limit=limit)
    show(found, json_, lambda answer: table(items(answer), columns, "Nothing was delivered yet."))


@command.command()
@reaching(None)
@click.argument("webhook_id")
@as_json
def ping(api: Api, webhook_id: str, json_: bool) -> None:
    """Post a test event now; exit code 1 when it was not taken."""
    outcome = api.post("webhooks", webhook_id, "ping", body={})
    show(outcome, json_, fields)
    if not outcome["delivered"]:
        raise click.ClickException("the receiver did not take it")


@command.command()
@reaching(None)
@click.argument("webhook_id")
@click.option("--since", help="From this moment of recording on (RFC 3339).")
@click.option("--after", type=int, help="Above this position of the log.")
@as_json
def replay(api: Api, webhook_id: str, since: str | None, after: int | None, json_: bool) -> None:
    """Post again what the log of SERVICE holds, --since a moment or --after a position."""
    if (since is None) == (after is None):
        raise click.UsageError("give either --since or --after")
    asked = {"since": since} if since else {"after": after}
    show(api.post("webhooks", webhook_id, "replay", body=asked), json_, fields)


@command.command("rotate-secret")
@reaching(None)
@click.argument("webhook_id")
@as_json
def rotate_secret(api: Api, webhook_id: str, json_: bool) -> None:
    """Sign with a new secret, shown this once; the old one signs as well for a day."""
    show(api.post("webhooks", webhook_id, "rotate-secret", body={}), json_, fields)


def _turn(name: str, says: str) -> None:
    @command.command(name, help=says)
    @reaching(None)
    @click.argument("webhook_id")
    @as_json
    def run(api: Api, webhook_id: str, json_: bool) -> None:
        show(api.post("webhooks", webhook_id, name, body={}), json_, fields)


_turn("pause", "Post nothing for a while; what happens meanwhile is posted afterwards.")
_turn("resume", "Go on where it stopped, after a pause or after it was disabled.")
_turn("remove", "End a subscription for good.")
