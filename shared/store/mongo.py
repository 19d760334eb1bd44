"""The log in MongoDB: one document per event, positions taken inside the append transaction."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, MongoClient
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    OperationFailure,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.errors import Corrupt, Unavailable
from shared.events import Event
from shared.events.clock import Clock, now
from shared.store.client import answering
from shared.store.demands import Demands
from shared.store.documents import from_document, operations, replacements, to_document
from shared.store.explaining import Explain
from shared.store.grouping import Group
from shared.store.lots import in_lots
from shared.store.placing import Plan, first_ids, place, swaps
from shared.store.port import Commit, Done, Expect, Head, Outcome
from shared.store.schema import EVENTS, LOG, prepare
from shared.store.tail import Tail
from shared.store.trouble import ATTEMPTS, Overtaken, only_duplicates, passing, pauses


class MongoStore:
    """Keeps the promises of `Store` with majority reads and writes.

    Raises Unavailable when the database is away, Corrupt when the log contradicts itself.
    """

    def __init__(
        self,
        client: MongoClient[dict[str, Any]],
        name: str,
        service: str,
        partitions: int = 4,
        clock: Clock = now,
    ) -> None:
        self.service, self.partitions, self._clock, self._client = service, partitions, clock, client
        self.database: Database[dict[str, Any]] = client.get_database(
            name, write_concern=WriteConcern("majority"), read_concern=ReadConcern("majority")
        )
        self._events = self.database[EVENTS]
        self._seen: dict[str, int] = {}
        self._group = Group(self._execute)
        self._explain = Explain(self)
        self._demands, self._tail = Demands(self._events), Tail()
        self._prepared = False

    def prepare(self) -> None:
        """Create the log when it is new, or verify it. Raises Corrupt, Unavailable."""
        with answering():
            prepare(self.database, self.partitions)
        self._prepared = True

    def commit(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Do each commit or say why not; concurrent callers share one transaction."""
        with answering():
            return self._group.submit(commits)

    def read_stream(self, stream: str, after: int = 0) -> list[Event]:
        """Return the events of a stream with a version above `after`."""
        era = self._demands.era
        with answering():
            found = self._events.find({"stream": stream, "version": {"$gt": after}}).sort(
                "version", ASCENDING
            )
            events = [from_document(self.service, d) for d in found]
        if not after:
            self._note({stream: events}, era)
        return events

    def read_streams(self, streams: Sequence[str]) -> dict[str, list[Event]]:
        """Return the events of several streams; a stream without events is left out."""
        found: dict[str, list[Event]] = {}
        era = self._demands.era
        with answering():
            for lot in in_lots(streams):
                for document in self._events.find({"stream": {"$in": lot}}):
                    found.setdefault(document["stream"], []).append(from_document(self.service, document))
        for events in found.values():
            events.sort(key=lambda e: e.version)
        self._note({s: found.get(s, []) for s in streams}, era)
        return found

    def read_log(self, after: int, limit: int, partition: int | None = None) -> list[Event]:
        """Return up to `limit` events above `after`. Raises Corrupt when a position is missing."""
        if partition is None:
            events = self._window(after, after + limit)
            if [e.position for e in events] != list(range(after + 1, after + 1 + len(events))):
                raise Corrupt(f"the log of {self.service} has a gap after position {after}")
            return events
        return self._partition_window(after, limit, partition)

    def read_about(self, customers: Sequence[str], ids: Sequence[str] = ()) -> list[Event]:
        """Return the events about these customers, and those with these ids, in order."""
        asked = [{"meta.customer": {"$in": lot}} for lot in in_lots(customers)]
        asked += [{"_id": {"$in": lot}} for lot in in_lots(ids)]
        with answering():
            found = {d["_id"]: d for query in asked for d in self._events.find(query)}
        events = [from_document(self.service, d) for d in found.values()]
        return sorted(events, key=lambda e: e.position)

    def recent(self, after: int, limit: int) -> list[Event]:
        """Return up to `limit` events above `after` that this process appended last, from memory.

        There may be more: of another process, or older ones.
        """
        return self._tail.after(after, limit)

    def head(self) -> Head:
        """Return the end of the log."""
        with answering():
            return self._head()

    def fetch(self, collection: str, keys: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Return the documents with these `_id`s by key."""
        held = self.database[collection]
        with answering():
            return {d["_id"]: d for lot in in_lots(keys) for d in held.find({"_id": {"$in": lot}})}

    def _window(self, after: int, upto: int, **more: Any) -> list[Event]:
        # Bounded on both sides: an open range with a limit is a scan on the embedded database.
        query = {**more, "position": {"$gt": after, "$lte": upto}}
        with answering():
            found = self._events.find(query).sort("position", ASCENDING)
            return [from_document(self.service, d) for d in found]

    def _partition_window(self, after: int, limit: int, partition: int) -> list[Event]:
        events: list[Event] = []
        end = self.head().tails[partition]
        while after < end and len(events) < limit:
            upto = after + limit * self.partitions
            events += self._window(after, upto, partition=partition)
            after = upto
        return events[:limit]

    def _note(self, found: Mapping[str, list[Event]], era: int) -> None:
        if len(self._seen) > 200_000:
            self._seen.clear()
        versions = {s: (events[-1].version if events else 0) for s, events in found.items()}
        self._seen.update(versions)
        self._demands.note(versions, era)

    def _execute(self, commits: list[Commit]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        waiting = dict(enumerate(commits))
        for _ in range(ATTEMPTS):
            try:
                plan = self._transact(waiting)
            except (DuplicateKeyError, BulkWriteError, Overtaken) as error:
                only_duplicates(error)
                outcomes |= self._explain(waiting)
            else:
                outcomes |= plan.outcomes | self._explain.repeated(_refused(plan, waiting))
            waiting = {i: c for i, c in waiting.items() if i not in outcomes}
            if not waiting:
                return [outcomes[i] for i in range(len(commits))]
        raise Unavailable(f"the log of {self.service} is too busy")

    def _transact(self, commits: Mapping[int, Commit]) -> Plan:
        versions = self._versions(commits)
        for pause in pauses():
            try:
                with self._client.start_session() as session, session.start_transaction():
                    plan = self._write(commits, versions, session)
            except (AutoReconnect, OperationFailure) as error:
                if not passing(error):
                    raise
                time.sleep(pause)
            else:
                self._remember(plan)
                return plan
        raise Unavailable(f"the database of {self.service} does not answer")

    def _write(
        self, commits: Mapping[int, Commit], versions: Mapping[str, int], session: ClientSession
    ) -> Plan:
        # Head first: a second writer conflicts here, before it has written anything.
        appending = any(c.appends for c in commits.values())
        head = self._head(session) if appending else Head(0, (0,) * self.partitions)
        if appending:
            versions = self._demands.settle(commits.values(), versions, head.position, session)
        plan = place(self.service, commits, head, versions, self._clock())
        if plan.events:
            values = {"position": plan.head.position, "tails": list(plan.head.tails)}
            self.database["counters"].update_one({"_id": LOG}, {"$set": values}, session=session)
            self._events.insert_many([to_document(e) for e in plan.events], session=session)
        self._write_documents(plan, session)
        return plan

    def _write_documents(self, plan: Plan, session: ClientSession) -> None:
        for collection, replaced in replacements(s for c in plan.commits for s in swaps(c)).items():
            done = self.database[collection].bulk_write(replaced, session=session)
            if done.matched_count != len(replaced):
                raise Overtaken
        for collection, writes in operations(w for c in plan.commits for w in c.writes).items():
            self.database[collection].bulk_write(writes, session=session)

    def _head(self, session: ClientSession | None = None) -> Head:
        found = self.database["counters"].find_one({"_id": LOG}, session=session)
        if found is None and not self._prepared:
            raise Unavailable("the log is still being prepared")
        return _head(found)

    def _versions(self, commits: Mapping[int, Commit]) -> dict[str, int]:
        """Return present versions; a stream this process has not seen is taken as expected new, or read.

        A version seen here may be old: then the unique index refuses and `_explain` reads afresh.
        """
        first: dict[str, int | Expect] = {}
        for append in (a for c in commits.values() for a in c.appends):
            first.setdefault(append.stream, append.expected)
        unknown = [s for s, expected in first.items() if self._unsure(s, expected)]
        if unknown:
            self.read_streams(unknown)
        return {stream: self._seen.get(stream, 0) for stream in first}

    def _unsure(self, stream: str, expected: int | Expect) -> bool:
        seen = self._seen.get(stream)
        if isinstance(expected, int):
            return seen != expected
        return seen is None and expected is not Expect.NO_STREAM

    def _remember(self, plan: Plan) -> None:
        self._seen.update({e.stream: e.version for e in plan.events})
        self._tail.add(plan.events)
        if plan.events:
            self._demands.remember(plan)

    def forget(self, streams: Sequence[str]) -> None:
        """Drop what is known of these streams' versions: they have moved on."""
        for stream in streams:
            self._seen.pop(stream, None)


def _head(document: Mapping[str, Any] | None) -> Head:
    if document is None:
        raise Corrupt("the log has lost its counter")
    return Head(document["position"], tuple(document["tails"]))


def _refused(plan: Plan, commits: Mapping[int, Commit]) -> dict[int, Commit]:
    """Return what the plan refused and did not do for a later commit with the same command."""
    placed = {e.id for e in plan.events}
    refused = {i: commits[i] for i, outcome in plan.outcomes.items() if not isinstance(outcome, Done)}
    return {i: c for i, c in refused.items() if placed.isdisjoint(first_ids(c))}
