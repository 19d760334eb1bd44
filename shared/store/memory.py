"""The log in memory: the reference the MongoDB store is held against, and the store of fast tests."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from shared.events import Event
from shared.events.clock import Clock, now
from shared.events.ids import event_id
from shared.store.placing import Plan, first_ids, inserted_keys, overtaken, place
from shared.store.port import Append, Commit, Done, Exists, Head, Outcome
from shared.store.write import Count, Insert, Put, Remove, Swap


class MemoryStore:
    """Keeps the promises of `Store` for the life of the process."""

    def __init__(self, service: str, partitions: int = 4, clock: Clock = now) -> None:
        self.service, self.partitions, self._clock = service, partitions, clock
        self.events: list[Event] = []
        self.documents: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self._head = Head(0, (0,) * partitions)
        self._lock = Lock()

    def commit(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Do each commit or say why not, in order."""
        with self._lock:
            return [self._commit_one(commit) for commit in commits]

    def read_stream(self, stream: str, after: int = 0) -> list[Event]:
        """Return the events of a stream with a version above `after`."""
        return [e for e in self.events if e.stream == stream and e.version > after]

    def read_streams(self, streams: Sequence[str]) -> dict[str, list[Event]]:
        """Return the events of several streams; a stream without events is left out."""
        return {s: events for s in streams if (events := self.read_stream(s))}

    def read_log(self, after: int, limit: int, partition: int | None = None) -> list[Event]:
        """Return up to `limit` events with a position above `after`, in order."""
        wanted = [e for e in self.events[after:] if partition is None or e.partition == partition]
        return wanted[:limit]

    def read_about(self, customers: Sequence[str], ids: Sequence[str] = ()) -> list[Event]:
        """Return the events about these customers, and those with these ids, in order."""
        return [e for e in self.events if e.meta.customer in customers or e.id in ids]

    def head(self) -> Head:
        """Return the end of the log."""
        return self._head

    def fetch(self, collection: str, keys: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Return the documents with these `_id`s by key."""
        held = self.documents[collection]
        return {key: held[key] for key in keys if key in held}

    def _commit_one(self, commit: Commit) -> Outcome:
        ids = first_ids(commit)
        if ids and {e.id for e in self.events} >= set(ids):
            wanted = {event_id(a.command_id, i) for a in commit.appends for i in range(len(a.events))}
            return Done(tuple(e for e in self.events if e.id in wanted), repeated=True)
        for collection, key in inserted_keys(commit):
            if key in self.documents[collection]:
                return Exists(collection, key)
        if changed := overtaken(commit, lambda collection, key: self.documents[collection].get(key)):
            return changed
        versions = {a.stream: self._version(a) for a in commit.appends}
        plan = place(self.service, {0: commit}, self._head, versions, self._clock())
        self._write(plan)
        return plan.outcomes[0]

    def _version(self, append: Append) -> int:
        return max((e.version for e in self.events if e.stream == append.stream), default=0)

    def _write(self, plan: Plan) -> None:
        self.events += plan.events
        self._head = plan.head
        for commit in plan.commits:
            for write in commit.writes:
                match write:
                    case (
                        Insert(collection, document) | Put(collection, document) | Swap(collection, document)
                    ):
                        self.documents[collection][document["_id"]] = dict(document)
                    case Remove(collection, key):
                        self.documents[collection].pop(key, None)
                    case Count(collection, key, add):
                        counter = self.documents[collection].setdefault(key, {"_id": key})
                        for name, amount in add.items():
                            counter[name] = counter.get(name, 0) + amount
