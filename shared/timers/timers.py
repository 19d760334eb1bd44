"""Give aggregates the command Elapsed when their timers run out."""

import logging
from collections.abc import Mapping
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from shared.decide import Context, Elapsed, Streams
from shared.decide.streams import TIMERS
from shared.errors import Rejected
from shared.events import Meta
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.relay.lease import Leadership
from shared.store.client import answering
from shared.store.write import Remove

log = logging.getLogger(__name__)
LOT = 100
Document = dict[str, Any]


class Timers:
    """One leader per service looks for timers that are due and hands them to their aggregates.

    The timer's document, the events and the next timer change in one transaction; the command's id is made of
    the timer and its due time. So a timer has its effect once, even with two leaders
    (tests/contract/test_timers.py).
    """

    def __init__(
        self,
        database: Database[Document],
        streams: Mapping[str, Streams[Any]],
        leadership: Leadership,
        clock: Clock,
    ) -> None:
        self._timers, self._streams = database[TIMERS], streams
        self._leadership, self._clock = leadership, clock

    def prepare(self) -> None:
        """Make the index that due timers are found by."""
        with answering():
            self._timers.create_index([("shelf", ASCENDING), ("due_at", ASCENDING)], name="shelf_due")

    def step(self) -> int:
        """Handle what is due by now; return how many timers that were. Raises Unavailable."""
        if not self._leadership.hold():
            return 0
        due = {"shelf": 0, "due_at": {"$lte": self._clock()}}
        with answering():
            found = list(self._timers.find(due).sort("due_at", ASCENDING).limit(LOT))
        for timer in found:
            self._elapse(timer)
        return len(found)

    def _elapse(self, timer: Document) -> None:
        streams, due = self._streams[timer["category"]], timer["due_at"]
        command_id = derived("timer", timer["_id"], due.isoformat())
        meta = Meta(command_id, derived("correlation", command_id), actor="system:timer")
        done = Remove(TIMERS, timer["_id"])  # the state's next timer, if any, is put in its place
        try:
            streams.handle(timer["key"], Elapsed(timer["timer"], due), Context(due, meta), writes=[done])
        except Rejected as refused:
            log.warning("timer %s refused: %s", timer["_id"], refused)
            with answering():
                self._timers.delete_one({"_id": timer["_id"], "due_at": due})
