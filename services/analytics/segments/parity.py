"""Whether living membership is what evaluating everybody gives: asked for, and looked at all the time."""

import logging
import time
from dataclasses import dataclass

from services.analytics.segments.criteria import InForce
from services.analytics.segments.evaluating import Evaluating
from services.analytics.segments.jobs import Jobs
from services.analytics.views.segments import Segment
from shared.events.clock import Clock, rfc3339
from shared.listing.listing import Listing
from shared.relay.lease import Leadership
from shared.telemetry.metrics import SEGMENT_DIFFERENCES

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """Who is missing in a segment and who is too much, of how many customers; `took` is in seconds."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    members: int
    of: int
    took: float

    @property
    def equal(self) -> bool:
        """Whether nobody is."""
        return not self.missing and not self.extra


class Parity:
    """Compares; who is found to differ is looked at twice, as events arrive meanwhile."""

    def __init__(
        self, inforce: InForce, evaluating: Evaluating, jobs: Jobs, lines: Listing, leadership: Leadership,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._inforce, self._evaluating, self._jobs = inforce, evaluating, jobs
        self._lines, self._leadership, self._clock = lines, leadership, clock
        self._last = ""

    def of(self, segment: Segment) -> Difference:
        """Return the difference between living membership and full evaluation."""
        begun, rule = time.monotonic(), segment.current.rule
        full = self._evaluating.now(rule, self._clock()) if segment.status == "active" else None
        picked, living = set(full.members if full else ()), set(self.members(segment))
        doubtful = sorted(picked ^ living)
        again = self._evaluating.several(rule, self._clock(), doubtful) if full else frozenset()
        still = set(self.members(segment)) if doubtful else living
        missing = tuple(ref for ref in doubtful if ref in again and ref not in still)
        extra = tuple(ref for ref in doubtful if ref not in again and ref in still)
        took = round(time.monotonic() - begun, 3)
        return Difference(missing, extra, len(still), full.of if full else 0, took)

    def watch(self) -> None:
        """Compare the next segment; a difference is shown as a metric, and mended by a walk over all."""
        segment = self._next() if self._leadership.hold() else None
        if segment is None:
            return
        found = self.of(segment)
        SEGMENT_DIFFERENCES.labels(segment.id).set(len(found.missing) + len(found.extra))
        if not found.equal:
            log.warning("segment %s: %d missing, %d extra", segment.id, len(found.missing), len(found.extra))
            about = {"reason": "parity", "segment_id": segment.id, "segment_version": segment.current.number}
            self._jobs.ask({f"parity-{segment.id}@{rfc3339(self._clock())}": about})

    def members(self, segment: Segment, after: str | None = None, limit: int = 0) -> list[str]:
        """Return living members by id, above `after`; all of them when `limit` is 0."""
        return [line["id"] for line in self._lines.page({"segments": segment.id}, after, limit)]

    def _next(self) -> Segment | None:
        segments = self._inforce.segments()
        found = next((s for s in segments if s.id > self._last), next(iter(segments), None))
        self._last = found.id if found else ""
        return found
