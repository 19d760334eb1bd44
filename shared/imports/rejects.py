"""The file of refused rows: row number, field, reason."""

import csv
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from shared.imports.rows import Refused


class Rejects:
    """A CSV that grows batch by batch and can be cut back to where an interrupted import was."""

    def __init__(self, path: Path | None, size: int = 0) -> None:
        self._file = None if path is None else path.open("r+" if size else "w", newline="", encoding="utf-8")
        if self._file is not None and size:
            self._file.truncate(size)
            self._file.seek(size)
        elif self._file is not None:
            csv.writer(self._file).writerow(["row", "field", "reason"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, refused: Iterable[Refused]) -> int:
        """Append the rows and return the size of the file afterwards."""
        if self._file is None:
            return 0
        csv.writer(self._file).writerows([each.number, each.field, each.reason] for each in refused)
        self._file.flush()
        return self._file.tell()
