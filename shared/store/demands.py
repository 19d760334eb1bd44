"""Appends without events only demand a version. No unique index would refuse them: they are checked here."""

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from shared.store.placing import Plan
from shared.store.port import Commit

REMEMBERED = 100_000


class Demands:
    """Looks inside the append transaction whether a stream that was only read has moved on.

    As long as this process is the only one that appends, its head says so, and what it has read or written
    since is not looked up again: `_sure` holds the versions as they stand at the position `_upto`.
    """

    def __init__(self, events: Collection[dict[str, Any]]) -> None:
        self._events = events
        self._upto: int | None = None
        self._sure: dict[str, int] = {}
        self.era = 0  # counts how often another process turned out to append, too

    def settle(
        self, commits: Iterable[Commit], versions: Mapping[str, int], head: int, session: ClientSession
    ) -> dict[str, int]:
        """Return `versions`, those that are demanded as the transaction that has read `head` sees them."""
        if head != self._upto or len(self._sure) > REMEMBERED:
            self._sure, self._upto = {}, head
            self.era += 1
        demanded = {a.stream for c in commits for a in c.appends if not a.events}
        for stream in sorted(demanded - self._sure.keys()):
            self._sure[stream] = self._newest(stream, versions.get(stream, 0), session)
        return {**versions, **{stream: self._sure[stream] for stream in demanded}}

    def note(self, versions: Mapping[str, int], era: int) -> None:
        """Take note of what a read that began in this era found; own appends in the meantime are newer."""
        if era != self.era:
            return
        self._sure.update({stream: max(v, self._sure.get(stream, 0)) for stream, v in versions.items()})

    def remember(self, plan: Plan) -> None:
        """Follow what was committed after the head that `settle` was told of."""
        self._upto = plan.head.position
        self._sure.update({e.stream: e.version for e in plan.events})

    def _newest(self, stream: str, known: int, session: ClientSession) -> int:
        """Return the version of a stream that had `known` events when it was read."""
        while self._events.find_one({"stream": stream, "version": known + 1}, {"_id": 1}, session=session):
            known += 1
        return known
