"""Who is who: the refs that mean one person by now, and what is known of that person."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from services.support.known import ALIASES, SEGMENTS, TIERS
from shared.store.client import answering
from shared.store.port import Store

STEPS = 20
# (refs) -> the refs that are aliases of one of them
Absorbed = Callable[[Sequence[str]], list[str]]


class Persons:
    """Follows the aliases as they are now: a merge joins two persons, and its undoing parts them again."""

    def __init__(self, store: Store, absorbed: Absorbed) -> None:
        self._store, self._absorbed = store, absorbed

    def root(self, ref: str) -> str:
        """Return the contact a ref leads to; itself when it leads nowhere."""
        for _ in range(STEPS):
            found = self._store.fetch(ALIASES, [ref])
            if not found:
                break
            ref = str(found[ref]["to"])
        return ref

    def known_as(self, ref: str) -> list[str]:
        """Return every ref of the person, the contact itself first."""
        refs = [self.root(ref)]
        newest = refs
        while newest := [r for r in self._absorbed(newest) if r not in refs]:
            refs = [*refs, *newest]
        return refs

    def same(self, refs: Sequence[str | None]) -> bool:
        """Whether all refs are known and lead to one contact."""
        return all(refs) and len({self.root(ref) for ref in refs if ref}) == 1

    def tier(self, ref: str) -> str | None:
        """Return the person's value tier, the one told last under any ref."""
        found = self._store.fetch(TIERS, self.known_as(ref)).values()
        last = max(found, key=lambda known: known["at"], default=None)
        return last["tier"] if last else None

    def among(self, ref: str, segments: Sequence[str]) -> bool:
        """Whether the person is in one of the segments now."""
        keys = [f"{known}|{segment}" for known in self.known_as(ref) for segment in segments]
        return bool(self._store.fetch(SEGMENTS, keys))


def absorbed_in(database: Database[dict[str, Any]]) -> Absorbed:
    """Return what finds aliases in the database, by the index of `prepare_aliases`."""

    def find(refs: Sequence[str]) -> list[str]:
        with answering():
            return sorted(str(d["_id"]) for d in database[ALIASES].find({"to": {"$in": list(refs)}}))

    return find


def prepare_aliases(database: Database[dict[str, Any]]) -> None:
    """Make the index that aliases are found by."""
    with answering():
        database[ALIASES].create_index([("to", ASCENDING)], name="to")
