"""How fresh an answer is: watermark and lag per service, and waiting for a version."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.consume.source_log import Source, SourceHead
from shared.errors import FieldError, Invalid, Unavailable
from shared.project.target import Checkpoint

PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Version:
    """A position in a service's log that an answer has to include."""

    service: str
    position: int


def watermark(checkpoint: Checkpoint, service: str, head: SourceHead | None, partitions: int) -> int:
    """Return the position up to which every event of a service has been folded.

    Counting tells when nothing is under way; else the head's tails tell which partitions are complete.
    """
    marks = checkpoint.marks.get(service, {})
    top = max(marks.values(), default=0)
    if checkpoint.counts.get(service, 0) == top:
        return top
    if head is None:
        return min(marks.get(str(p), 0) for p in range(partitions))
    behind = [mark for p, tail in enumerate(head.tails) if (mark := marks.get(str(p), 0)) < tail]
    return min(behind, default=head.position)


class Freshness:
    """Measures views against the heads of the sources' logs, never against another checkpoint."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        checkpoints: Mapping[str, Callable[[], Checkpoint]],
        partitions: int,
    ) -> None:
        self._sources, self._checkpoints, self._partitions = sources, checkpoints, partitions

    def of(self, *projections: str) -> dict[str, Any]:
        """Return watermark and lag per service, and which services are behind or unreachable.

        Of an answer that was read from several projections: that of the one furthest behind in each service.
        """
        checkpoints = [self._checkpoints[name]() for name in projections]
        heads = {name: source.recent_head() for name, source in self._sources.items()}
        lag = {
            name: max(0, head.position - min(c.counts.get(name, 0) for c in checkpoints)) if head else None
            for name, head in heads.items()
        }
        return {
            "watermark": {
                name: min(watermark(c, name, head, self._partitions) for c in checkpoints)
                for name, head in heads.items()
            },
            "lag": lag,
            "behind": sorted(name for name, count in lag.items() if count),
            "unreachable": sorted(name for name, head in heads.items() if head is None),
        }

    def watermark(self, *projections: str) -> dict[str, int]:
        """Return up to which position each service's events are folded into all of these."""
        marks: dict[str, int] = self.of(*projections)["watermark"]
        return marks

    def wait(self, version: str | None, seconds: float, *projections: str) -> None:
        """Return once `<service>:<position>` is folded into all of these.

        Raises Invalid, or Unavailable when time is up.
        """
        if version is None:
            return
        wanted = self._parse(version)
        deadline = time.monotonic() + seconds
        while late := [name for name in projections if not self._holds(name, wanted)]:
            if time.monotonic() >= deadline:
                raise Unavailable(f"{late[0]} has not reached {version} yet", retry_after=1)
            time.sleep(PAUSE)

    def _holds(self, projection: str, wanted: Version) -> bool:
        checkpoint = self._checkpoints[projection]()
        head = self._sources[wanted.service].recent_head()
        return watermark(checkpoint, wanted.service, head, self._partitions) >= wanted.position

    def _parse(self, text: str) -> Version:
        service, _, position = text.partition(":")
        if service not in self._sources or not position.isdecimal() or len(position) > 18:
            raise Invalid(FieldError("?min_version", "is <service>:<position>, such as sales:120"))
        return Version(service, int(position))
