"""Commands and events of an import batch."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shared.values import Id, Length, Positive, Text, Whole

Action = Literal["created", "changed", "unchanged"]
Rows = Annotated[tuple[Positive, ...], Length(0, 100_000)]


@dataclass(frozen=True, slots=True)
class ImportStarted:
    """Rows of a file will come; the id of the batch is the file's hash."""

    import_id: Id
    mapping: Id


@dataclass(frozen=True, slots=True)
class ImportValidated:
    """Rows were tried without taking them: so many would be taken, so many refused."""

    import_id: Id
    valid: Whole
    invalid: Whole


@dataclass(frozen=True, slots=True)
class ImportRowAccepted:
    """The row is in the contact, whose stream went from one version to the other by it."""

    import_id: Id
    row: Positive
    contact_id: Id
    action: Action
    from_version: Whole
    to_version: Whole


@dataclass(frozen=True, slots=True)
class ImportRowRejected:
    """The row was refused, and why."""

    import_id: Id
    row: Positive
    reason: Text


@dataclass(frozen=True, slots=True)
class ImportApplied:
    """The file is through; no more rows are taken."""

    import_id: Id
    created: Whole
    changed: Whole
    unchanged: Whole
    rejected: Whole


@dataclass(frozen=True, slots=True)
class ImportReverted:
    """The rows undone, and those that were not: their contacts changed since."""

    import_id: Id
    undone: Rows
    kept: Rows


@dataclass(frozen=True, slots=True)
class StartImport:
    """Announce a file by its hash, and the mapping its columns are read by."""

    import_id: Id
    mapping: Id


@dataclass(frozen=True, slots=True)
class ValidateImport:
    """Note what came of trying rows; only then are rows taken."""

    import_id: Id
    valid: Whole
    invalid: Whole


@dataclass(frozen=True, slots=True)
class AcceptRow:
    """Note what a row did to a contact."""

    import_id: Id
    row: Positive
    contact_id: Id
    action: Action
    from_version: Whole
    to_version: Whole


@dataclass(frozen=True, slots=True)
class RejectRow:
    """Note why a row was refused."""

    import_id: Id
    row: Positive
    reason: Text


@dataclass(frozen=True, slots=True)
class ApplyImport:
    """Say that all rows of the file are in."""

    import_id: Id


@dataclass(frozen=True, slots=True)
class RevertImport:
    """Note what was taken back and what could not be."""

    import_id: Id
    undone: Rows
    kept: Rows
