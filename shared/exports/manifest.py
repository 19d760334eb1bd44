"""What a folder of exports holds, so that the next run brings it up to date instead of beginning again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shared.errors import Conflict, Corrupt, NotFound

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Terms:
    """How the folder is written; the same for all its tables and for every run."""

    format: str
    partition: str
    bom: bool = False
    since: str | None = None
    as_of: str | None = None
    known_at: str | None = None

    @property
    def bound(self) -> bool:
        """Whether it is a picture of the past, which is taken whole each time."""
        return bool(self.as_of or self.known_at)


@dataclass(slots=True)
class Manifest:
    """The terms, and for each table its version, columns, position and number of rows."""

    terms: Terms
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)

    def position(self, table: str) -> int:
        """Return the position up to which a table is exported, 0 for one that is not."""
        return int(self.tables.get(table, {}).get("position", 0))

    def fits(self, table: str, version: int, columns: Mapping[str, str]) -> bool:
        """Whether the files of a table have the form it has now."""
        known = self.tables.get(table)
        return known is not None and (known["version"], known["columns"]) == (version, dict(columns))

    def save(self, folder: Path) -> None:
        """Write it, all or nothing."""
        draft = folder / f".{FILE}"
        draft.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")
        draft.replace(folder / FILE)


def manifest_in(folder: Path) -> Manifest:
    """Return the manifest of a folder. Raises NotFound without one, Corrupt when it is unreadable."""
    path = folder / FILE
    if not path.exists():
        raise NotFound(f"{folder} holds no exported table; rapport export makes one")
    try:
        told = json.loads(path.read_text())
        return Manifest(Terms(**told["terms"]), told["tables"])
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt(f"{path} is no manifest of an export: {error}") from error


def manifest_of(folder: Path, terms: Terms) -> Manifest:
    """Return the manifest of a folder, a new one for an empty folder.

    Raises Conflict when the folder is written in other terms, Corrupt when its manifest is unreadable.
    """
    if not (folder / FILE).exists():
        return Manifest(terms)
    known = manifest_in(folder)
    if known.terms != terms:
        was = {name: value for name, value in asdict(known.terms).items() if value != getattr(terms, name)}
        raise Conflict(f"{folder} was exported with {_words(was)}; choose the same, or another --out")
    return known


def _words(terms: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', '-')} {value if value is not None else 'not set'}"
        for name, value in terms.items()
    )
