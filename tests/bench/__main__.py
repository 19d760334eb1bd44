"""`python -m tests.bench`: take measures and print them beside their limits and targets."""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from deploy.local.servers import Servers
from tests.bench.report import Report
from tests.bench.surroundings import facts
from tests.bench.table import pairs, show, summary
from tests.bench.world import Measure, World

NAMES = (
    "relay", "consumption", "validation", "append", "door", "intake", "rebuild",
    "pipeline", "latency", "lookup", "metrics", "memory",
)  # fmt: skip


def registered(names: Sequence[str] = NAMES) -> list[Measure]:
    """Return the measures by name, in order."""
    found: list[Measure] = [import_module(f"tests.bench.{name}").MEASURE for name in names]
    return found


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--seconds", default=5.0, show_default=True, help="How long a paced load runs.")
@click.option("--events", type=click.IntRange(min=500), help="Events per trial, instead of each usual size.")
@click.option("--seed", default=1, show_default=True, help="Seed of the generated events.")
@click.option("--quick", is_flag=True, help="Small sizes, one repeat: a look, not a measurement.")
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write all values there."
)
@click.option("--list", "listing", is_flag=True, help="Say what can be measured, and stop.")
def main(names: Sequence[str], listing: bool, file: Path | None, **options: Any) -> None:
    """Measure NAMES (all unless given) on a broker and a database of their own."""
    if listing:
        click.echo(pairs({measure.name: measure.says for measure in registered()}))
        return
    console, reports, failed = Console(), list[Report](), list[str]()
    with _world(**options) as world:
        known = facts(world.servers.mongodb_url, _embedded(world.servers), world.seed)
        console.print(pairs(known) + "\n", markup=False, highlight=False, soft_wrap=True)
        for measure in registered(names or NAMES):
            _take(measure, world, console, reports, failed)
    console.print(summary(reports), markup=False, highlight=False, soft_wrap=True)
    if file:
        file.write_text(json.dumps({"facts": known, "reports": [r.as_data() for r in reports]}, indent=2))
    if failed:
        raise click.ClickException(f"not measured: {', '.join(failed)}")


def _take(measure: Measure, world: World, console: Console, reports: list[Report], failed: list[str]) -> None:
    try:
        with _progress(measure.name, world):
            reports.append(measure.take(world))
    except Exception:  # the other measures are still worth taking; the command ends with an error
        traceback.print_exc()
        failed.append(measure.name)
    else:
        show(console, reports[-1])


@contextmanager
def _progress(name: str, world: World) -> Iterator[None]:
    errors = Console(stderr=True)
    if not errors.is_terminal:
        world.say = lambda text: errors.print(f"{name}: {text}", markup=False, highlight=False)
        yield
        return
    with errors.status(name) as status:
        world.say = lambda text: status.update(f"{name}: {text}")
        yield


@contextmanager
def _world(seed: int, quick: bool, seconds: float, events: int | None) -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        servers = Servers(Path(folder) / "servers", os.environ.get("RAPPORT_MONGODB_URL"))
        try:
            servers.start()
            yield World(servers, Path(folder), seed, quick, seconds, events, say=lambda _: None)
        finally:
            servers.stop()


def _embedded(servers: Servers) -> bool:
    return not servers.given_mongodb_url and servers.database.embedded


if __name__ == "__main__":
    sys.exit(main())
