"""The committed form of the contracts: one JSON Schema and one golden event per type ever published."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shared.contracts.compatibility import breaks
from shared.contracts.contract import Contract
from shared.contracts.examples import golden
from shared.errors import Conflict

FOLDER = Path(__file__).parent


def write(directory: Path, contracts: Iterable[Contract]) -> list[Path]:
    """Write the schemas and the golden events that are missing; return the files written.

    A golden event is never written again. Raises Conflict, before writing anything, when a published
    version would break a promise: that change needs a new version.
    """
    known = list(contracts)
    if broken := incompatible(directory, known):
        raise Conflict(f"{'; '.join(broken)}. A published version keeps its promises: declare the next one")
    wanted = {schema_path(directory, c.type): c.json_schema for c in known}
    wanted |= {path: golden(c) for c in known if not (path := golden_path(directory, c.type)).exists()}
    changed = [path for path, content in wanted.items() if _read(path) != content]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(wanted[path], indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return changed


def check(directory: Path, contracts: Iterable[Contract]) -> list[str]:
    """Return, in words, everything in which the committed files and the contracts disagree."""
    known = list(contracts)
    return [*incompatible(directory, known), *_stale(directory, known), *_gone(directory, known)]


def incompatible(directory: Path, contracts: Iterable[Contract]) -> list[str]:
    """Return the broken promises: fields removed or required, types, values and bounds narrowed."""
    return [
        f"{c.type}: {said}"
        for c in contracts
        if (published := _read(schema_path(directory, c.type)))
        for said in breaks(published, c.json_schema)
    ]


def _stale(directory: Path, contracts: list[Contract]) -> list[str]:
    """Files that `write` would write."""
    schemas = [c.type for c in contracts if _read(schema_path(directory, c.type)) != c.json_schema]
    goldens = [c.type for c in contracts if not golden_path(directory, c.type).exists()]
    return [f"{t}: the schema is not up to date" for t in schemas] + [
        f"{t}: has no golden event" for t in goldens
    ]


def _gone(directory: Path, contracts: list[Contract]) -> list[str]:
    """Published types that nothing declares; an older version may go when a newer one has come."""
    newest = {name(c.type): version(c.type) for c in contracts}
    published = sorted(path.stem for path in (directory / "schemas").glob("*.json"))
    return [
        f"{t}: was published and is no longer declared"
        for t in published
        if newest.get(name(t), 0) < version(t)
    ]


def name(type_: str) -> str:
    """Return a full type without its version."""
    return type_.rpartition(".v")[0]


def version(type_: str) -> int:
    """Return the version of a full type."""
    return int(type_.rpartition(".v")[2])


def schema_path(directory: Path, type_: str) -> Path:
    """Return where the schema of a type is kept."""
    return directory / "schemas" / f"{type_}.json"


def golden_path(directory: Path, type_: str) -> Path:
    """Return where the golden event of a type is kept."""
    return directory / "golden" / f"{type_}.json"


def goldens(directory: Path) -> Mapping[str, dict[str, Any]]:
    """Return every golden event ever committed, by full type."""
    return {p.stem: json.loads(p.read_bytes()) for p in sorted((directory / "golden").glob("*.json"))}


def _read(path: Path) -> dict[str, Any] | None:
    return json.loads(path.read_bytes()) if path.exists() else None
