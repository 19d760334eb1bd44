"""One run of an export: asks for what changed, puts it into its partitions, and remembers how far it is."""

import fcntl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from shared.errors import Conflict
from shared.exports.files import read_parquet, replace
from shared.exports.manifest import Manifest, Terms, manifest_of
from shared.exports.spool import Spool
from shared.exports.table import Row, Table, arrow, is_cut

Lines = AbstractContextManager[Iterable[bytes]]
Ask = Callable[[str, dict[str, Any]], Lines]
Watch = Callable[[str, float, int], None]
KEPT, INCOMING, DATA = ".data", ".incoming", "data.parquet"
LOCK = ".lock"  # the system lets go of it when the run ends, however it ends


@dataclass(frozen=True, slots=True)
class Done:
    """What a run has changed of a table."""

    table: str
    rows: int
    changed: int
    partitions: int
    position: int


class Export:
    """`ask` opens the lines of a table; a run that breaks off changes nothing, a repeated one nothing new."""

    def __init__(self, folder: Path, terms: Terms, ask: Ask, watch: Watch = lambda *_: None) -> None:
        self._folder, self._terms, self._ask, self._watch = folder, terms, ask, watch

    def run(self, names: Iterable[str]) -> Iterator[Done]:
        """Bring tables up to date. Raises Conflict, Corrupt, Unavailable, Denied, NotFound, Rejected."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with _alone(self._folder):
            manifest = manifest_of(self._folder, self._terms)
            for name in names:
                done = self._table(name, manifest, 0 if self._terms.bound else manifest.position(name))
                manifest.save(self._folder)
                yield done

    def _table(self, name: str, manifest: Manifest, after: int) -> Done:
        bounds = {key: getattr(self._terms, key) for key in ("since", "as_of", "known_at")}
        with self._ask(name, {"after": after or None, **bounds}) as lines:
            rest = iter(lines)
            table = Table.of(orjson.loads(next(rest, b"{}")))
            if after and not manifest.fits(name, table.version, dict(table.columns)):
                return self._table(name, manifest, 0)
            spool = Spool(self._folder / INCOMING / name, table, self._terms.partition)
            changed = self._receive(spool, table, rest)
        known = dict(manifest.tables.get(name, {}).get("partitions", {})) if after else {}
        partitions = self._touched(table, spool, known)
        for partition in partitions:
            known[partition] = self._merge(table, partition, spool, anew=not after)
        if not after:
            self._forget(name, known)
        spool.remove()
        return self._noted(manifest, table, known, changed, len(partitions))

    def _touched(self, table: Table, spool: Spool, known: Mapping[str, int]) -> list[str]:
        """Return the partitions to write: who is gone may be in any, and what is one file is always there."""
        found = {*spool.partitions(), *(known if spool.gone else ())}
        if not known and not is_cut(table, self._terms.partition):
            found.add("")
        return sorted(found)

    def _receive(self, spool: Spool, table: Table, lines: Iterable[bytes]) -> int:
        changed = 0
        for changed in spool.take(lines):
            self._watch(table.name, min(1.0, changed / max(1, table.about)), changed)
        return changed

    def _merge(self, table: Table, partition: str, spool: Spool, *, anew: bool) -> int:
        path = self._kept(table.name) / partition / DATA
        rows: dict[tuple[Any, ...], Row] = {}
        for old in [] if anew else read_parquet(path):
            if old[table.key[0]] not in spool.gone:
                rows[table.key_of(old)] = old
        for row in spool.rows(partition):
            rows[table.key_of(row)] = row
        ready = arrow(table, [rows[key] for key in sorted(rows)])
        replace(path, ready)
        if self._terms.format != "parquet":
            shown = self._folder / table.name / partition / f"{table.name}.{self._terms.format}"
            replace(shown, ready, bom=self._terms.bom)
        return len(rows)

    def _forget(self, name: str, known: dict[str, int]) -> None:
        """Take away the partitions of an earlier, differently cut export of the table."""
        for root in {self._kept(name), self._folder / name}:
            for path in sorted(root.rglob("*")):
                partition = "" if path.parent == root else path.parent.name
                if path.is_file() and partition not in known:
                    path.unlink()

    def _kept(self, name: str) -> Path:
        root = self._folder if self._terms.format == "parquet" else self._folder / KEPT
        return root / name

    def _noted(
        self, manifest: Manifest, table: Table, known: dict[str, int], changed: int, touched: int
    ) -> Done:
        total = sum(known.values())
        manifest.tables[table.name] = {
            "version": table.version, "columns": dict(table.columns),
            "says": dict(table.says), "position": table.upto, "rows": total,
            "partitions": dict(sorted(known.items())),
        }  # fmt: skip
        return Done(table.name, total, changed, touched, table.upto)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs away from a folder: two at once would take each other's rows."""
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                f"another run exports into {folder}; wait for it, or choose another --out"
            ) from error
        yield
