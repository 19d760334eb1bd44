"""Events that went with a contact when a merge was taken back (C-3): they count for another customer.

The journal is never rewritten; a moved event is read with the customer it was moved to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo import ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from shared.events import Event
from shared.project.entry import Document, Entry

MOVES = "moved_events"


def moves_of(event: Event) -> list[Document]:
    """Return what an event says about moved events: which, from whom, to whom."""
    if event.type != "ContactsUnmerged":
        return []
    between = {"to": event.data["absorbed_id"], "from": event.data["survivor_id"]}
    return [{"_id": moved, **between} for moved in event.data.get("moved_event_ids") or ()]


class Moves:
    """Knows every moved event: they are few, kept in memory, and read again when one more is told of."""

    def __init__(self, database: Database[Document]) -> None:
        self._moves = database[MOVES]
        self._known: Mapping[str, Document] | None = None

    def write(self, events: Iterable[Event], session: ClientSession) -> None:
        """Write down what events say, in the transaction that journals them."""
        told = {move["_id"]: move for event in events for move in moves_of(event)}
        if told:
            writes = [ReplaceOne({"_id": key}, move, upsert=True) for key, move in told.items()]
            self._moves.bulk_write(writes, session=session)

    def applied(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries with the customers they count for."""
        if self._known is None or any(moves_of(entry.event) for entry in entries):
            self._known = {d["_id"]: d for d in self._moves.find({})}
        known = self._known
        if not known:
            return [*entries]
        return [_moved(e, known[e.event.id]) if e.event.id in known else e for e in entries]

    def origins(self, refs: Iterable[str]) -> list[str]:
        """Return the contacts that events were moved from to one of these refs."""
        wanted = set(refs)
        return sorted({d["from"] for d in (self._known or {}).values() if d["to"] in wanted})


def _moved(entry: Entry, move: Mapping[str, Any]) -> Entry:
    meta = replace(entry.event.meta, customer=move["to"])
    return replace(entry, event=replace(entry.event, meta=meta))
