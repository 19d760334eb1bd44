"""One import from file to final count."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from shared.imports.events import Item, Mapped, mapped
from shared.imports.mapping import FileMap
from shared.imports.rejects import Rejects
from shared.imports.rows import Refused, Source
from shared.imports.send import Sender, Verdict
from shared.imports.state import Progress, StateFile, Totals

Watch = Callable[[float, Totals], None]


def run_import(
    path: Path,
    file_map: FileMap,
    file_id: str,
    *,
    sender: Sender | None,
    state: StateFile | None,
    rejects: Path | None,
    limit: int | None = None,
    batch: int = 250,
    watch: Watch | None = None,
) -> Totals:
    """Import the file from where it stopped last time and return the counts.

    Without `sender` nothing is sent (dry run: every sound row counts as accepted). The progress is written
    after every batch: an interruption repeats one batch at most, which the services recognise by its ids.
    Raises Unavailable, Denied, Rejected, UnreadableFile; the progress is kept then.
    """
    source = Source(path, file_map.file)
    progress = state.load() if state else Progress()
    items = mapped(islice(source, limit), file_map, file_id)
    rest = islice(items, progress.settled, None)
    with Rejects(rejects, progress.rejects_size) as refused_rows:
        for lot in _lots(rest, batch):
            refused = _settle(lot, sender, progress.totals)
            progress.settled += len(lot)
            progress.rejects_size = refused_rows.write(refused)
            if state:
                state.save(progress)
            if watch:
                watch(source.fraction, progress.totals)
    if state:
        state.remove()
    return progress.totals


def _lots(items: Iterator[Item], events: int) -> Iterator[list[Item]]:
    """Cut the items into lots of at most `events` events, or twenty times as many refused rows."""
    lot: list[Item] = []
    room = events
    for item in items:
        lot.append(item)
        room -= isinstance(item, Mapped)
        if not room or len(lot) >= 20 * events:
            yield lot
            lot, room = [], events
    if lot:
        yield lot


def _settle(lot: list[Item], sender: Sender | None, totals: Totals) -> list[Refused]:
    sent = [item for item in lot if isinstance(item, Mapped)]
    refused = [item for item in lot if isinstance(item, Refused)]
    told = _send(sender, sent)
    for item, verdict in zip(sent, told, strict=True):
        if verdict.status == "accepted":
            totals.accepted += len(item.rows)
        elif verdict.status == "duplicate":
            totals.duplicate += len(item.rows)
        else:
            refused += item.refused(verdict.field, verdict.reason or verdict.status)
    totals.events += len(sent)
    totals.rejected += len(refused)
    totals.read += sum(len(item.rows) for item in sent) + len(lot) - len(sent)
    return sorted(refused, key=lambda each: each.number)


def _send(sender: Sender | None, sent: list[Mapped]) -> list[Verdict]:
    if sender is None or not sent:
        return [Verdict("accepted") for _ in sent]
    return sender.send([item.event for item in sent])
