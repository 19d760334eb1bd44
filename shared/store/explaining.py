"""Say why a transaction met a duplicate key: repeated, overtaken, or already there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.errors import WrongExpectedVersion
from shared.events import Event
from shared.events.ids import event_id
from shared.store.documents import from_document
from shared.store.lots import in_lots
from shared.store.placing import first_ids, inserted_keys, overtaken, unmet
from shared.store.port import Commit, Done, Exists, Outcome

if TYPE_CHECKING:
    from shared.store.mongo import MongoStore


class Explain:
    """Looks afresh, after the transaction is gone, at what the log holds."""

    def __init__(self, store: "MongoStore") -> None:
        self._store = store

    def __call__(self, commits: Mapping[int, Commit]) -> dict[int, Outcome]:
        """Return the outcome of every commit that can not be done; the others may be tried again.

        A version that an earlier commit of the batch is about to move is not held against a later one.
        """
        held = self._held([i for c in commits.values() for i in first_ids(c)])
        taken = self._taken(commits)
        versions = self._versions(commits)
        outcomes: dict[int, Outcome] = {}
        moving: set[str] = set()
        for index, commit in commits.items():
            streams = {a.stream for a in commit.appends}
            outcome = self._of(commit, held, taken, versions)
            if outcome and not (isinstance(outcome, WrongExpectedVersion) and streams & moving):
                outcomes[index] = outcome
            else:
                moving |= streams
        return outcomes

    def repeated(self, commits: Mapping[int, Commit]) -> dict[int, Outcome]:
        """Return the first result of every commit that was done before."""
        held = self._held([i for c in commits.values() for i in first_ids(c)])
        done = {i: c for i, c in commits.items() if (ids := first_ids(c)) and held.issuperset(ids)}
        return {i: Done(tuple(self._events(c)), repeated=True) for i, c in done.items()}

    def _of(
        self, commit: Commit, held: set[str], taken: set[tuple[str, str]], versions: Mapping[str, int]
    ) -> Outcome | None:
        ids = first_ids(commit)
        if ids and held.issuperset(ids):
            return Done(tuple(self._events(commit)), repeated=True)
        for collection, key in inserted_keys(commit):
            if (collection, key) in taken:
                return Exists(collection, key)
        return overtaken(commit, self._held_now) or unmet(commit.appends, versions)

    def _versions(self, commits: Mapping[int, Commit]) -> dict[str, int]:
        """Read every version, of streams taken as new too: a process that has just started knows none."""
        streams = list(dict.fromkeys(a.stream for c in commits.values() for a in c.appends))
        self._store.forget(streams)
        return {s: events[-1].version for s, events in self._store.read_streams(streams).items()}

    def _held(self, ids: list[str]) -> set[str]:
        events = self._store.database["events"]
        return {d["_id"] for lot in in_lots(ids) for d in events.find({"_id": {"$in": lot}}, {"_id": 1})}

    def _held_now(self, collection: str, key: str) -> Mapping[str, Any] | None:
        return self._store.fetch(collection, [key]).get(key)

    def _taken(self, commits: Mapping[int, Commit]) -> set[tuple[str, str]]:
        wanted: dict[str, list[str]] = {}
        for commit in commits.values():
            for collection, key in inserted_keys(commit):
                wanted.setdefault(collection, []).append(key)
        return {(c, key) for c, keys in wanted.items() for key in self._store.fetch(c, keys)}

    def _events(self, commit: Commit) -> list[Event]:
        ids = [event_id(a.command_id, i) for a in commit.appends for i in range(len(a.events))]
        found = self._store.database["events"].find({"_id": {"$in": ids}})
        return sorted((from_document(self._store.service, d) for d in found), key=lambda e: e.position)
