"""How far an import has come, so that it can go on after an interruption."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Totals:
    """Counts of rows, with read = accepted + duplicate + rejected, and of events sent."""

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    events: int = 0

    @property
    def add_up(self) -> bool:
        """Whether every row read has exactly one fate."""
        return self.read == self.accepted + self.duplicate + self.rejected


@dataclass(slots=True)
class Progress:
    """The first `settled` mapped items are done; the rejects file had `rejects_size` bytes then."""

    settled: int = 0
    rejects_size: int = 0
    totals: Totals = field(default_factory=Totals)


class StateFile:
    """The progress of one file with one mapping to one destination."""

    def __init__(self, directory: Path, *key: str) -> None:
        name = hashlib.sha256("\n".join(key).encode()).hexdigest()[:24]
        self._path = directory / f"import-{name}.json"

    def load(self) -> Progress:
        """Return the progress of an interrupted import, or none."""
        if not self._path.exists():
            return Progress()
        known = json.loads(self._path.read_text())
        return Progress(known["settled"], known["rejects_size"], Totals(**known["totals"]))

    def save(self, progress: Progress) -> None:
        """Write the progress, all or nothing."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(progress)))
        draft.replace(self._path)

    def remove(self) -> None:
        """Forget the progress: the import is complete, or starts anew."""
        self._path.unlink(missing_ok=True)


def state_directory() -> Path:
    """Return where imports remember their progress: RAPPORT_STATE, else the user's state directory."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(os.environ.get("RAPPORT_STATE") or Path(base) / "rapport")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
