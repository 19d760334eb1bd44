"""`rapport import`: a file of events through a mapping."""

from pathlib import Path

import click

from shared.channel import Channel
from shared.cli.place import key_of, url_of
from shared.cli.progress import progress
from shared.cli.show import as_json, fields, show
from shared.errors import Unavailable
from shared.imports.expression import MappingError
from shared.imports.mapping import FileMap, read_map
from shared.imports.rows import UnreadableFile
from shared.imports.run import run_import
from shared.imports.send import ChannelSender, HttpSender, Sender
from shared.imports.state import StateFile, Totals, digest_of, state_directory

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--map", "map_", type=FILE, required=True, help="The mapping file (YAML).")
@click.option("--dry-run", is_flag=True, help="Map and check everything, send nothing.")
@click.option("--limit", type=click.IntRange(1), help="Only the first N rows.")
@click.option("--url", help="Base URL of contacts (RAPPORT_CONTACTS_URL).")
@click.option("--key", help="API key (RAPPORT_KEY; the local administrator's key).")
@click.option("--broker", help="AMQP URL: send through the channel library instead of the front door.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where refused rows go.")
@click.option(
    "--batch", type=click.IntRange(1, 1000), default=250, show_default=True, help="Events per request."
)
@click.option("--restart", is_flag=True, help="Start anew instead of going on.")
@click.option("--strict", is_flag=True, help="Exit code 2 when a row was refused.")
@as_json
def command(
    file: Path,
    map_: Path,
    dry_run: bool,
    limit: int | None,
    url: str | None,
    key: str | None,
    broker: str | None,
    rejects: Path | None,
    batch: int,
    restart: bool,
    strict: bool,
    json_: bool,
) -> None:
    """Import FILE; a repeated or interrupted import goes on, and nothing is taken twice."""
    file_map = _mapping(map_)
    file_id = digest_of(file)
    target = broker or url_of("contacts", url)
    key_parts = (file_id, file_map.digest, target, str(limit))
    state = None if dry_run else StateFile(state_directory(), *key_parts)
    if state and restart:
        state.remove()
    sender = None if dry_run else _sender(file_map, broker, target, key)
    where = rejects or Path(f"{file.name}.rejects.csv")
    try:
        totals = _run(file, file_map, file_id[:32], sender, state, where, limit, batch)
    finally:
        if sender:
            sender.close()
    show(_answer(totals, where), json_, fields)
    if strict and totals.rejected:
        raise SystemExit(2)


def _run(
    file: Path,
    file_map: FileMap,
    file_id: str,
    sender: Sender | None,
    state: StateFile | None,
    rejects: Path,
    limit: int | None,
    batch: int,
) -> Totals:
    with progress(file.name) as step:
        try:
            return run_import(
                file,
                file_map,
                file_id,
                sender=sender,
                state=state,
                rejects=rejects,
                limit=limit,
                batch=batch,
                watch=lambda fraction, totals: step(fraction, _words(totals)),
            )
        except UnreadableFile as error:
            raise click.ClickException(str(error)) from error
        except Unavailable as error:
            raise click.ClickException(f"{error}; the same command goes on from here") from error


def _mapping(path: Path) -> FileMap:
    try:
        return read_map(path)
    except MappingError as error:
        raise click.ClickException(f"{path}: {error}") from error


def _sender(file_map: FileMap, broker: str | None, target: str, key: str | None) -> Sender:
    if broker:
        return ChannelSender(Channel(broker, file_map.source))
    return HttpSender(target, key_of(key))


def _words(totals: Totals) -> str:
    return (
        f"{totals.read:,} rows, {totals.accepted:,} accepted, "
        f"{totals.duplicate:,} duplicate, {totals.rejected:,} rejected"
    )


def _answer(totals: Totals, rejects: Path) -> dict[str, object]:
    if not totals.rejected:
        rejects.unlink(missing_ok=True)
    return {
        "read": totals.read,
        "accepted": totals.accepted,
        "duplicate": totals.duplicate,
        "rejected": totals.rejected,
        "events": totals.events,
        "rejects": str(rejects) if totals.rejected else None,
    }
