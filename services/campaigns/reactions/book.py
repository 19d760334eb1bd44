"""Documents that follow events: read in one go, moved along in memory, written only as they were read."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.events import Event
from shared.store.port import Store
from shared.store.write import Swap, Write

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Kept(Generic[S]):
    """One kind of document: the full types of events it follows, the keys each touches, what comes of it."""

    collection: str
    types: Collection[str]
    new: S
    touched: Callable[[Event], Sequence[str]]
    learned: Callable[[S, Event, str], S]
    from_document: Callable[[Mapping[str, Any]], S]
    to_document: Callable[[S], dict[str, Any]]


class Book(Generic[S]):
    """The documents of one kind that a batch of events is about."""

    def __init__(self, store: Store, kept: Kept[S]) -> None:
        self._store, self._kept = store, kept
        self._held: dict[str, tuple[int, S]] = {}

    def read(self, events: Iterable[Event]) -> None:
        """Read the documents that these events tell something about."""
        mine = (event for event in events if event.full_type in self._kept.types)
        self.load([key for event in mine for key in self._kept.touched(event)])

    def load(self, keys: Sequence[str]) -> dict[str, S]:
        """Return documents as they are by now, new ones for those unknown."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._held]
        found = self._store.fetch(self._kept.collection, missing) if missing else {}
        for key in missing:
            known = found.get(key)
            fresh = (known["revision"], self._kept.from_document(known)) if known else (0, self._kept.new)
            self._held[key] = fresh
        return {key: self._held[key][1] for key in keys}

    def learn(self, event: Event) -> list[Write]:
        """Return the writes by which documents follow an event."""
        writes: list[Write] = []
        if event.full_type not in self._kept.types:
            return writes
        for key in self._kept.touched(event):
            revision, before = self._held[key]
            after = self._kept.learned(before, event, key)
            if after != before:
                self._held[key] = (revision + 1, after)
                writes.append(self._swap(key, revision, after))
        return writes

    def _swap(self, key: str, revision: int, after: S) -> Swap:
        document = {"_id": key, "revision": revision + 1, **self._kept.to_document(after)}
        return Swap(self._kept.collection, document, {"revision": revision} if revision else None)
