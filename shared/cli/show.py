"""Answers on the terminal: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from shared.values import MINOR_DIGITS

as_json = click.option("--json", "json_", is_flag=True, help="JSON instead of a table.")


def show(answer: Any, json_: bool, human: Callable[[Any], None]) -> None:
    """Print the answer."""
    if json_:
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        human(answer)


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], empty: str = "Nothing.") -> None:
    """Print rows under the named columns."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*[column.replace("_", " ") for column in columns], box=box.SIMPLE_HEAD)
    for row in rows:
        shown.add_row(*[Text(text(row.get(column))) for column in columns])
    # A pipe gets whole lines; only a terminal has a width.
    width = None if sys.stdout.isatty() else 10_000
    if shown.row_count:
        Console(width=width).print(shown, soft_wrap=not sys.stdout.isatty())
    else:
        click.echo(empty)


def fields(record: Mapping[str, Any]) -> None:
    """Print one record, a field per line."""
    width = max(map(len, record), default=0)
    for name, value in record.items():
        click.echo(f"{name.replace('_', ' '):{width}}  {text(value)}")


def money(minor: int, currency: str) -> str:
    """Write minor units in the major unit: `1,234.50 GBP`."""
    digits = MINOR_DIGITS.get(currency, 2)
    return f"{minor / 10**digits:,.{digits}f} {currency}"


def text(value: Any) -> str:
    """Write a value in a word: money in its major unit, nothing as a dash."""
    if value is None:
        return "-"
    if isinstance(value, Mapping) and set(value) == {"amount", "currency"} and value["amount"] is not None:
        return money(value["amount"], value["currency"])
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def items(answer: Any) -> list[Any]:
    """Return the rows of a listing."""
    if isinstance(answer, list):
        return answer
    found: list[Any] = next(
        (answer[name] for name in ("items", "results", "events", "sources") if name in answer), []
    )
    return found
