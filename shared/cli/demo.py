"""`rapport demo`: a living sample company."""

import click

from shared.cli.place import broker_url, home, key_of, url_of
from shared.cli.progress import progress
from shared.cli.show import as_json, fields, show
from shared.demo.channels import LiveChannels
from shared.demo.play import Company, live, play_history
from shared.imports.send import HttpSender, Sender


@click.command("demo")
@click.option("--customers", type=click.IntRange(1, 1_000_000), default=2000, show_default=True)
@click.option("--months", type=click.IntRange(1, 60), default=6, show_default=True)
@click.option("--seed", default=7, show_default=True, help="Another seed is another company.")
@click.option("--live", "live_", is_flag=True, help="Afterwards, a trickle of live events for ever.")
@click.option(
    "--rate", type=click.FloatRange(0.01, 1000), default=2.0, show_default=True, help="Live events/s."
)
@click.option("--url", help="Base URL of contacts (RAPPORT_CONTACTS_URL).")
@click.option("--key", help="API key (RAPPORT_KEY; the local administrator's key).")
@click.option("--broker", help="AMQP URL for live events (RAPPORT_AMQP_URL; the local broker).")
@as_json
def command(
    customers: int,
    months: int,
    seed: int,
    live_: bool,
    rate: float,
    url: str | None,
    key: str | None,
    broker: str | None,
    json_: bool,
) -> None:
    """Play months of history through the front door, in the order of arrival; a repeated call goes on."""
    company = Company(home(), seed, customers, months)
    door = HttpSender(url_of("contacts", url), key_of(key))
    with progress("sample company") as step:
        counts = play_history(company, door, step)
    show(counts, json_, fields)
    if live_:
        _live(company, _live_sender(broker_url(broker), door), rate)


def _live_sender(broker: str, door: Sender) -> Sender:
    return LiveChannels(broker, home() / "demo-spool") if broker else door


def _live(company: Company, sender: Sender, rate: float) -> None:
    click.echo(f"live: {rate:g} events/s until interrupted", err=True)
    try:
        live(company, sender, rate)
    except KeyboardInterrupt:
        click.echo("The sample company rests.", err=True)
    finally:
        sender.close()
