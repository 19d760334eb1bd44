"""Import batch: the rows of one file, taken once each, and taken back as far as nothing changed since."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from services.contacts.domain.imports.messages import (
    AcceptRow,
    Action,
    ApplyImport,
    ImportApplied,
    ImportReverted,
    ImportRowAccepted,
    ImportRowRejected,
    ImportStarted,
    ImportValidated,
    RejectRow,
    RevertImport,
    StartImport,
    ValidateImport,
)
from shared.decide.decider import Decider
from shared.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """The rows taken, by number, and the reasons of those refused."""

    status: Literal["unknown", "started", "validated", "applied", "reverted"] = "unknown"
    mapping: str = ""
    rows: Mapping[int, ImportRowAccepted] = field(default_factory=dict)
    rejected: Mapping[int, str] = field(default_factory=dict)

    def count(self, action: Action) -> int:
        """Return how many rows did this."""
        return sum(row.action == action for row in self.rows.values())


def _start(batch: ImportBatch, command: StartImport) -> list[Any]:
    if batch.status == "unknown":
        return [ImportStarted(command.import_id, command.mapping)]
    if batch.mapping != command.mapping:
        raise Conflict(f"the file was imported before, by the mapping {batch.mapping}")
    return []


def _validate(batch: ImportBatch, command: ValidateImport) -> list[Any]:
    """Rows may be tried until the import is applied, and as often as it takes."""
    if batch.status not in ("started", "validated"):
        raise Conflict(f"the import is {batch.status}: there is nothing to try any more")
    return [ImportValidated(command.import_id, command.valid, command.invalid)]


def _accept(batch: ImportBatch, command: AcceptRow) -> list[Any]:
    if _taken(batch, command.row):
        return []
    said = (command.row, command.contact_id, command.action, command.from_version, command.to_version)
    return [ImportRowAccepted(command.import_id, *said)]


def _reject(batch: ImportBatch, command: RejectRow) -> list[Any]:
    if _taken(batch, command.row):
        return []
    return [ImportRowRejected(command.import_id, command.row, command.reason)]


def _taken(batch: ImportBatch, row: int) -> bool:
    """A row counts once (C-9)."""
    known = row in batch.rows or row in batch.rejected
    if not known and batch.status == "started":
        raise Conflict("the import is not validated yet: try its rows first")
    if not known and batch.status != "validated":
        raise Conflict(f"the import is {batch.status}: it takes no more rows")
    return known


def _apply(batch: ImportBatch, command: ApplyImport) -> list[Any]:
    if batch.status == "applied":
        return []
    _is(batch, "validated")
    counts = (batch.count("created"), batch.count("changed"), batch.count("unchanged"))
    return [ImportApplied(command.import_id, *counts, len(batch.rejected))]


def _revert(batch: ImportBatch, command: RevertImport) -> list[Any]:
    if batch.status == "reverted":
        return []
    _is(batch, "applied")
    return [ImportReverted(command.import_id, command.undone, command.kept)]


def _is(batch: ImportBatch, status: str) -> None:
    if batch.status != status:
        raise Conflict(f"the import is {batch.status}, not {status}")


DECIDE: dict[type, Callable[[ImportBatch, Any], list[Any]]] = {
    StartImport: _start,
    ValidateImport: _validate,
    AcceptRow: _accept,
    RejectRow: _reject,
    ApplyImport: _apply,
    RevertImport: _revert,
}


def decide(batch: ImportBatch, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if batch.status == "unknown" and not isinstance(command, StartImport):
        raise NotFound(f"there is no import {command.import_id}")
    return DECIDE[type(command)](batch, command)


def evolve(batch: ImportBatch, event: Any) -> ImportBatch:
    """Return the batch after the event."""
    match event:
        case ImportStarted(mapping=mapping):
            return replace(batch, status="started", mapping=mapping)
        case ImportRowAccepted(row=row):
            return replace(batch, rows={**batch.rows, row: event})
        case ImportRowRejected(row=row, reason=reason):
            return replace(batch, rejected={**batch.rejected, row: reason})
        case ImportValidated():
            return replace(batch, status="validated")
        case ImportApplied():
            return replace(batch, status="applied")
        case _:
            return replace(batch, status="reverted")


def summary(batch: ImportBatch) -> Mapping[str, Any]:
    """Return the line of a batch."""
    taken, refused = len(batch.rows), len(batch.rejected)
    return {"status": batch.status, "mapping": batch.mapping, "accepted": taken, "rejected": refused}


IMPORT_BATCH: Decider[ImportBatch] = Decider(
    category="import",
    service="contacts",
    initial=ImportBatch(),
    decide=decide,
    evolve=evolve,
    events=(
        ImportStarted,
        ImportValidated,
        ImportRowAccepted,
        ImportRowRejected,
        ImportApplied,
        ImportReverted,
    ),
    commands={"start": StartImport, "apply": ApplyImport},
    summary=summary,
    filters=("status",),
)

__all__ = ["IMPORT_BATCH", "AcceptRow", "ImportBatch", "ImportRowAccepted", "RejectRow", "RevertImport"]
