"""`rapport events`: one event by hand."""

import json
from datetime import datetime
from typing import Any

import click

from shared.cli.place import broker_url
from shared.cli.show import as_json, fields, show


@click.group("events")
def command() -> None:
    """Emit one event through the channel library."""


@command.command()
@click.argument("type_", metavar="TYPE")
@click.option("--customer", "-c", multiple=True, metavar="KEY=VALUE", help="An identifier or attribute.")
@click.option(
    "--data", "-d", multiple=True, metavar="KEY=VALUE", help="A field; JSON values are read as such."
)
@click.option("--source", default="rapport-cli", show_default=True)
@click.option("--time", help="When it happened (RFC 3339); now, when left out.")
@click.option("--id", "id_", help="An id of your own: the same id is taken once.")
@click.option("--broker", help="AMQP URL (RAPPORT_AMQP_URL; the local broker).")
@as_json
def emit(
    type_: str,
    customer: tuple[str, ...],
    data: tuple[str, ...],
    source: str,
    time: str | None,
    id_: str | None,
    broker: str | None,
    json_: bool,
) -> None:
    """Emit one event, such as web.page_viewed -c email=ada@example.com -d page=/."""
    from shared.channel import Channel, NotEmitted
    from shared.errors import Unavailable

    moment = datetime.fromisoformat(time) if time else None
    with Channel(_known(broker), source) as channel:
        try:
            event_id = channel.emit(
                type_, customer=_pairs(customer, str), data=_pairs(data, _value), time=moment, id=id_
            )
        except NotEmitted as error:
            raise click.ClickException(str(error)) from error
        report = channel.flush(10)
    if not report.complete:
        raise Unavailable(f"the event waits in the spool: {report.problem}")
    show({"id": event_id, "confirmed": True}, json_, fields)


def _known(broker: str | None) -> str:
    url = broker_url(broker)
    if not url:
        raise click.ClickException("no broker is known: give --broker or set RAPPORT_AMQP_URL")
    return url


def _pairs(pairs: tuple[str, ...], read: Any) -> dict[str, Any]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE")
        found[name] = read(value)
    return found


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
