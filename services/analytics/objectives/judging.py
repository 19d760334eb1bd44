"""Judge every active objective at the end of every day, days of standstill included."""

import logging
from datetime import datetime, time
from typing import Any

from services.analytics.domain.objective import OBJECTIVE, EvaluateObjective, Objective
from services.analytics.objectives.measuring import Measuring
from shared.days import DAY
from shared.decide import Context, Streams
from shared.errors import Rejected
from shared.events import Meta
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.listing.listing import Listing
from shared.relay.lease import Leadership
from shared.store.port import Store
from shared.store.write import Put

log = logging.getLogger(__name__)

LOT = 100
JUDGED = "judged"


class Judging:
    """One leader evaluates; the day an objective was judged through is written with the evaluation.

    The evaluation of a day is as of its end and as known when it is made; its command is named by the day, so
    that a crash in between repeats nothing.
    """

    def __init__(
        self, store: Store, streams: Streams[Objective], active: Listing, measuring: Measuring,
        leadership: Leadership, clock: Clock,
    ) -> None:  # fmt: skip
        self._store, self._streams, self._active = store, streams, active
        self._measuring, self._leadership, self._clock = measuring, leadership, clock
        self._begun: dict[str, datetime] = {}

    def step(self) -> int:
        """Judge what is due; return how many evaluations that were."""
        if not self._leadership.hold():
            return 0
        lines = self._lines()
        judged = self._store.fetch(JUDGED, [line["id"] for line in lines])
        return sum(self._judge(line, judged.get(line["id"], {}).get("through")) for line in lines)

    def _lines(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["id"] if found else None
            more = self._active.page({"status": "active"}, after, LOT)
            found += more
            if len(more) < LOT:
                return found

    def _judge(self, line: dict[str, Any], through: datetime | None) -> int:
        start = through or self._set_at(line["id"])
        days = list(_ends(start, self._clock()))
        return sum(self._evaluate(line["id"], end) for end in days)

    def _set_at(self, key: str) -> datetime:
        if key not in self._begun:
            self._begun[key] = self._store.read_stream(OBJECTIVE.stream(key))[0].occurred_at
        return self._begun[key]

    def _evaluate(self, key: str, end: datetime) -> int:
        name = derived("judgement", key, end.isoformat())
        meta = Meta(name, derived("correlation", name), actor="system:objectives")
        judged = Put(JUDGED, {"_id": key, "through": end})
        try:
            command = self._measuring.evaluation(EvaluateObjective(key, as_of=end))
            self._streams.handle(key, command, Context(self._clock(), meta), writes=[judged])
        except Rejected as refused:  # closed in between, or measured by what is no longer there
            log.warning("objective %s is not judged as of %s: %s", key, end, refused)
            return 0
        return 1


def _ends(after: datetime, now: datetime) -> list[datetime]:
    """Return the ends of days, in UTC, after a moment, up to another."""
    end = datetime.combine(after.date(), time(), after.tzinfo) + DAY
    return [end + n * DAY for n in range(max(0, (now - end) // DAY + 1))]
