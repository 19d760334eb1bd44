"""Import people from a file, row by row, and take an import back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.contacts.domain.contact import ArchiveContact
from services.contacts.domain.contact.identity import Undo
from services.contacts.domain.imports import (
    AcceptRow,
    ImportBatch,
    ImportRowAccepted,
    RejectRow,
    RevertImport,
)
from services.contacts.domain.imports.messages import ValidateImport
from services.contacts.domain.rules import NOTHING
from services.contacts.office.registering import Person, Registered, Registering
from shared.decide import Context, Streams
from shared.errors import Conflict, NotFound, Rejected
from shared.events.ids import derived
from shared.receive import Instruct
from shared.receive.together import together
from shared.store.port import Store

IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file, by its number."""

    row: int
    person: Person


class Importing:
    """Takes rows and takes them back. Each row, and what it did, is one transaction (C-9)."""

    def __init__(self, store: Store, streams: Mapping[str, Streams[Any]], registering: Registering) -> None:
        self._store, self._streams, self._registering = store, streams, registering

    def validate(self, import_id: str, rows: Sequence[Row], context: Context) -> list[dict[str, Any]]:
        """Try rows: tell of each what taking it would do, and change nothing. Raises NotFound."""
        self._batch(import_id)
        tried = [self._tried(row, context) for row in rows]
        invalid = sum(row["status"] == "rejected" for row in tried)
        command = ValidateImport(import_id, len(tried) - invalid, invalid)
        self._streams[IMPORT].handle(import_id, command, context)
        return tried

    def _tried(self, row: Row, context: Context) -> dict[str, Any]:
        try:
            told = self._registering.would(row.person, context)
        except Rejected as error:
            return {"row": row.row, "status": "rejected", "reason": str(error)[:2_000]}
        return {"row": row.row, "status": told.action}

    def take(self, import_id: str, rows: Sequence[Row], context: Context) -> list[dict[str, Any]]:
        """Take rows; one that was taken before is told again and changes nothing. Raises NotFound."""
        self._batch(import_id)
        return [self._one(import_id, row, context) for row in rows]

    def _one(self, import_id: str, row: Row, context: Context) -> dict[str, Any]:
        batch = self._batch(import_id)
        if row.row not in batch.rows and row.row not in batch.rejected:
            self._fresh(import_id, row, _context(context, IMPORT, import_id, str(row.row)))
            batch = self._batch(import_id)
        if row.row in batch.rejected:
            return {"row": row.row, "status": "rejected", "reason": batch.rejected[row.row]}
        taken = batch.rows[row.row]
        return {"row": row.row, "status": taken.action, "contact_id": taken.contact_id}

    def _fresh(self, import_id: str, row: Row, context: Context) -> None:
        def accept(told: Registered) -> list[Instruct]:
            said = (told.contact_id, told.action, told.from_version, told.to_version)
            return [Instruct(IMPORT, import_id, AcceptRow(import_id, row.row, *said))]  # type: ignore[arg-type]

        try:
            self._registering.register(row.person, context, accept)
        except Rejected as error:
            reject = RejectRow(import_id, row.row, str(error)[:2_000])
            self._streams[IMPORT].handle(import_id, reject, context)

    def revert(self, import_id: str, context: Context) -> dict[str, Any]:
        """Take back the rows whose contacts did not change since; return those and the others."""
        batch = self._batch(import_id)
        if batch.status != "applied":
            raise Conflict(f"the import is {batch.status}, not applied")
        undone = [row for row, told in sorted(batch.rows.items()) if self._undo(import_id, told, context)]
        kept = [row for row in sorted(batch.rows) if row not in undone]
        command = RevertImport(import_id, tuple(undone), tuple(kept))
        self._streams[IMPORT].handle(import_id, command, context)
        return {"undone": undone, "kept": kept}

    def _undo(self, import_id: str, told: ImportRowAccepted, context: Context) -> bool:
        """Take one row back; a crash in between leaves rows that are seen as undone the next time."""
        events = self._streams["contact"].store.read_stream(f"contact-{told.contact_id}")
        mine = _context(context, "revert", import_id, str(told.row))
        if len(events) != told.to_version:
            return any(e.meta.command_id == mine.meta.command_id for e in events)
        if told.action == "created":
            command: Any = ArchiveContact(told.contact_id, "import taken back")
        else:
            command = Undo(told.contact_id, _before(events, told.from_version))
        together(self._store, self._streams, mine, [Instruct("contact", told.contact_id, command)])
        return True

    def _batch(self, import_id: str) -> ImportBatch:
        found = self._streams[IMPORT].load([import_id], fresh=True)[import_id]
        if not found.version:
            raise NotFound(f"there is no import {import_id}")
        state: ImportBatch = found.state
        return state


def _before(events: Sequence[Any], version: int) -> tuple[tuple[str, str, str], ...]:
    """Return field, value (sealed as it was) and digest before `version` of what changed after it."""
    learned = [e for e in events if e.type == "ProfileAttributeChanged"]
    old = {e.data["field"]: (e.data["to"], e.data["digest"]) for e in learned if e.version <= version}
    changed = dict.fromkeys(e.data["field"] for e in learned if e.version > version)
    return tuple((name, *old.get(name, ("", NOTHING))) for name in changed)


def _context(context: Context, *what: str) -> Context:
    """Return the context of one row; its command id is the row's own, so that a retry is recognised."""
    return replace(context, meta=replace(context.meta, command_id=derived(*what)))
