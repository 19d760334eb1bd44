"""The journal: one gap-free log of the events of all services, with the alias forest at its head."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pymongo import ASCENDING, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.errors import Corrupt
from shared.events import Event
from shared.project.aliases import edge_of, learn
from shared.project.batch import Batch, Mark
from shared.project.entry import BLOCK, Document, Entry, block_of, concerning, from_document, to_document
from shared.project.forest import ALIASES, Forest, prepare_forest
from shared.project.moves import Moves
from shared.project.parking import prepare_parking
from shared.project.transact import transact
from shared.store.grouping import Group
from shared.store.lots import in_lots

JOURNAL, COUNTERS, MARKS, HEAD = "journal", "counters", "marks", "journal"
TAIL = 2_000
INDEXES = ((JOURNAL, "customer_occurred_at"), (JOURNAL, "block"), (ALIASES, "seen"))


class _Stale(Exception):
    """Somebody else has moved a mark."""


@dataclass
class Journal:
    """Gap-free positions; a batch, its mark and its alias edges are written together or not at all."""

    database: Database[Document]
    _tail: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        self._entries, self._marks = self.database[JOURNAL], self.database[MARKS]
        self._group: Group[Batch, bool] = Group(self._execute, limit=16)
        self._moves = Moves(self.database)

    def prepare(self) -> None:
        """Create the journal when it is new, else verify its indexes. Raises Corrupt naming a missing one."""
        counters = self.database[COUNTERS]
        if counters.find_one({"_id": HEAD}) is None:
            index = [("customer", ASCENDING), ("occurred_at", ASCENDING)]
            self._entries.create_index(index, name="customer_occurred_at")
            self._entries.create_index([("block", ASCENDING), ("_id", ASCENDING)], name="block")
            prepare_forest(self.database)
            prepare_parking(self.database)
            counters.update_one({"_id": HEAD}, {"$setOnInsert": {"position": 0}}, upsert=True)
        for collection, index_name in INDEXES:
            if index_name not in self.database[collection].index_information():
                raise Corrupt(f"index {index_name} of {collection} is missing")

    def append(self, batch: Batch) -> bool:
        """Write a batch; False when its mark has moved on. Concurrent batches share a transaction."""
        return self._group.submit([batch])[0]

    def head(self) -> int:
        """Return the position of the last entry, 0 for none."""
        counter = self.database[COUNTERS].find_one({"_id": HEAD})
        if counter is None:
            raise Corrupt("the journal has lost its counter")
        return int(counter["position"])

    def top(self) -> int:
        """Return the position of the last entry this process has seen, or asked for: what lag is told by."""
        return self._tail[-1].position if self._tail else self.head()

    def read(self, after: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries after a position, in order. Raises Corrupt when one is missing."""
        near = self._from_tail(after, limit)
        if near:
            return self._moves.applied(near)
        wanted = list(range(after + 1, min(after + limit, self.head()) + 1))
        lots = in_lots(wanted)
        found = [d for lot in lots for d in self._entries.find({"_id": {"$in": lot}}).sort("_id", ASCENDING)]
        if [d["_id"] for d in found] != wanted:
            raise Corrupt(f"the journal has a gap after position {after}")
        return self._moves.applied([from_document(d) for d in found])

    def at(self, positions: Sequence[int]) -> list[Entry]:
        """Return the entries at these positions, in journal order."""
        found = [d for lot in in_lots(positions) for d in self._entries.find({"_id": {"$in": lot}})]
        return self._moves.applied(sorted(map(from_document, found), key=lambda e: e.position))

    def scan(self, after: int, upto: int) -> Iterator[Entry]:
        """Yield the entries of a long stretch in order, block by block. Raises Corrupt when one is missing.

        A range of positions would do on some servers; others look at the whole journal for each range.
        """
        expected = after + 1
        for block in range(block_of(after + 1), block_of(upto) + 1):
            found = self._entries.find({"block": block}, batch_size=BLOCK).sort("_id", ASCENDING)
            for document in (d for d in found if after < d["_id"] <= upto):
                if document["_id"] != expected:
                    raise Corrupt(f"the journal lacks position {expected}")
                yield from self._moves.applied([from_document(document)])
                expected += 1
        if expected != max(upto, after) + 1:
            raise Corrupt(f"the journal lacks position {expected}")

    def of_customers(self, refs: Sequence[str], upto: int | None = None) -> list[Entry]:
        """Return every entry that counts for one of these refs, in journal order."""
        self._moves.applied(())
        forest, origins = Forest(self.database), self._moves.origins(refs)
        named = {*refs, *(ref for origin in origins for ref in forest.group(origin))}
        found = [d for lot in in_lots(sorted(named)) for d in self._entries.find({"customer": {"$in": lot}})]
        found.sort(key=lambda d: int(d["_id"]))
        entries = self._moves.applied([from_document(d) for d in found if upto is None or d["_id"] <= upto])
        wanted = set(refs)
        return [e for e in entries if e.event.meta.customer in wanted]

    def marks(self) -> dict[str, dict[int, Mark]]:
        """Return what has been journaled, by source and partition."""
        marks: dict[str, dict[int, Mark]] = {}
        for d in self._marks.find({}):
            counts = Mark(d["position"], d["received"], d["duplicates"], d["applied"])
            marks.setdefault(d["source"], {})[d["partition"]] = counts
        return marks

    def mark(self, source: str, partition: int) -> int:
        """Return the position up to which a partition of a source has been journaled."""
        found = self._marks.find_one({"_id": f"{source}.{partition}"})
        return int(found["position"]) if found else 0

    def _from_tail(self, after: int, limit: int) -> list[Entry]:
        # What is in memory is committed and never changes, so it needs no check against the database.
        tail = self._tail
        if not tail or not tail[0].position <= after + 1 <= tail[-1].position:
            return []
        start = after + 1 - tail[0].position
        return list(tail[start : start + limit])

    def _execute(self, batches: list[Batch]) -> list[bool]:
        try:
            self._remember(transact(self.database, lambda session: self._write(batches, session)))
        except (_Stale, DuplicateKeyError):
            return self._one_by_one(batches)
        return [True] * len(batches)

    def _one_by_one(self, batches: list[Batch]) -> list[bool]:
        if len(batches) == 1:
            return [False]
        return [self._execute([batch])[0] for batch in batches]

    def _write(self, batches: list[Batch], session: ClientSession) -> list[Entry]:
        # The counter first: a second writer conflicts here, before it has written anything.
        counters = self.database[COUNTERS]
        counter = counters.find_one({"_id": HEAD}, session=session)
        if counter is None:
            raise Corrupt("the journal has lost its counter")
        events = [event for batch in batches for event in batch.events]
        numbered = enumerate(events, counter["position"] + 1)
        entries = [Entry(n, concerning(event)) for n, event in numbered]
        self._alias(events, session)
        self._moves.write(events, session)
        if entries:
            step = {"$set": {"position": entries[-1].position}}
            counters.update_one({"_id": HEAD}, step, session=session)
            self._entries.insert_many([to_document(e) for e in entries], session=session)
        self._advance(batches, session)
        return entries

    def _advance(self, batches: list[Batch], session: ClientSession) -> None:
        for batch in batches:
            if batch.mark == 0:
                self._ensure(batch, session)
        guards = [UpdateOne({"_id": _key(b), "position": b.mark}, _step(b)) for b in batches]
        if self._marks.bulk_write(guards, session=session).matched_count != len(batches):
            raise _Stale

    def _ensure(self, batch: Batch, session: ClientSession) -> None:
        key = {"_id": _key(batch)}
        start = {"source": batch.source, "partition": batch.partition, "position": 0}
        counts = {"received": 0, "duplicates": 0, "applied": 0}
        self._marks.update_one(key, {"$setOnInsert": start | counts}, upsert=True, session=session)

    def _alias(self, events: Iterable[Event], session: ClientSession) -> None:
        changes = [(edge, event) for event in events if (edge := edge_of(event))]
        aliases: dict[str, Document] = {}
        for lot in in_lots(sorted({edge.child for edge, _ in changes})):
            found = self.database[ALIASES].find({"_id": {"$in": lot}}, session=session)
            aliases |= {d["_id"]: d for d in found}
        for edge, event in changes:
            aliases[edge.child] = learn(aliases.get(edge.child), edge, event)
        writes = [ReplaceOne({"_id": child}, alias, upsert=True) for child, alias in aliases.items()]
        if writes:
            self.database[ALIASES].bulk_write(writes, session=session)

    def _remember(self, entries: list[Entry]) -> None:
        if entries:
            follows = bool(self._tail) and self._tail[-1].position + 1 == entries[0].position
            self._tail = ((*self._tail, *entries) if follows else tuple(entries))[-TAIL:]


def _key(batch: Batch) -> str:
    return f"{batch.source}.{batch.partition}"


def _step(batch: Batch) -> Document:
    counts = {"received": batch.received, "duplicates": batch.duplicates, "applied": len(batch.events)}
    return {"$set": {"position": batch.upto}, "$inc": counts}
