"""`rapport metric`: one metric of a window, as a table, JSON, CSV or a picture."""

from pathlib import Path
from typing import Any

import click

from shared.cli.api import Api, reaching
from shared.cli.show import fields, show, table

SHOWN = (
    "title", "formula", "unit", "currency", "value", "reason", "numerator", "denominator", "n", "detail",
    "limited_to",
)  # fmt: skip
FORMS = ("table", "json", "csv", "png", "svg")


@click.command("metric")
@click.argument("metric_id", metavar="METRIC")
@click.option("--from", "since", help="First day, or moment with its offset; a year before the end.")
@click.option("--to", help="The end, no longer included.")
@click.option("--by", help="Split by day, week, month, quarter, year or a dimension.")
@click.option("--scope", help="company, or a dimension and its value, such as country:France.")
@click.option("--as-of", help="What had happened by then (RFC 3339).")
@click.option("--known-at", help="What was known by then (RFC 3339).")
@click.option("--version", type=int, help="A version of the metric, the newest if not told.")
@click.option("--currency", help="Such as GBP, the most frequent if not told.")
@click.option("--set", "own", multiple=True, metavar="NAME=VALUE", help="A parameter of the metric's own.")
@click.option("--events", is_flag=True, help="The events behind the value instead.")
@click.option("--format", "form", type=click.Choice(FORMS), default="table", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
@reaching("analytics")
def command(
    api: Api, metric_id: str, since: str | None, own: tuple[str, ...], form: str, output: Path | None,
    events: bool, **asked: Any
) -> None:  # fmt: skip
    """Measure METRIC; `rapport metrics` lists them."""
    known = {"from": since, **asked, **_pairs(own)}
    query = {name: value for name, value in known.items() if value is not None}
    if events:
        query.pop("by", None)
        page = api.get("metrics", metric_id, "events", **query)
        show(page, form == "json", lambda found: table(found["items"], ("at", "type", "stream", "id")))
    elif form in ("table", "json"):
        show(api.get("metrics", metric_id, **query), form == "json", _show)
    else:
        _save(api, metric_id, query | {"format": form}, output)


def _pairs(own: tuple[str, ...]) -> dict[str, str]:
    parts = [text.partition("=") for text in own]
    if wrong := next((name for name, equals, _ in parts if not equals), None):
        raise click.BadParameter(f"{wrong} is not NAME=VALUE", param_hint="--set")
    return {name: value for name, _, value in parts}


def _save(api: Api, metric_id: str, query: dict[str, Any], output: Path | None) -> None:
    content = api.fetch("GET", f"/v1/metrics/{metric_id}", params=query).content
    if output:
        output.write_bytes(content)
    elif query["format"] == "csv":
        click.echo(content.decode(), nl=False)
    else:
        raise click.UsageError("a picture needs --output FILE")


def _show(answer: dict[str, Any]) -> None:
    behind = ", ".join(answer["behind"]) or None
    shown = {name: answer.get(name) for name in SHOWN if answer.get(name) is not None}
    fields(shown | ({"behind": behind} if behind else {}))
    if answer["points"]:
        table(answer["points"], ("label", "value", "numerator", "denominator", "n", "reason"))
