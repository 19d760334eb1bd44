"""Progress of long work: a bar with counts and time left on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Step = Callable[[float, str], None]
LINE_SECONDS = 5.0


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Hand out a function of (fraction done, counts in words)."""
    if sys.stderr.isatty():
        yield from _bar(title)
    else:
        yield _lines(title)


def _bar(title: str) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(title),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[said]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(title, total=1.0, said="")
        yield lambda fraction, said: bars.update(task, completed=fraction, said=said)


def _lines(title: str) -> Step:
    last = time.monotonic()

    def step(fraction: float, said: str) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            click.echo(f"{title}: {fraction:.0%}, {said}", err=True)

    return step
