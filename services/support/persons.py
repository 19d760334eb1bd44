"""What is known of a person, whichever ref it was told under."""

from collections.abc import Sequence

from services.support.known import SEGMENTS, TIERS
from shared.people import People
from shared.store.port import Store


class Persons:
    """Asks as people are now: a merge joins two persons, and its undoing parts them again."""

    def __init__(self, store: Store, people: People) -> None:
        self._store, self._people = store, people

    def same(self, refs: Sequence[str | None]) -> bool:
        """Whether all refs are known and lead to one contact."""
        known = [ref for ref in refs if ref]
        return len(known) == len(refs) and len(set(self._people.roots(known).values())) == 1

    def tier(self, ref: str) -> str | None:
        """Return the person's value tier, the one told last under any ref."""
        found = self._store.fetch(TIERS, self._people.group(ref)).values()
        last = max(found, key=lambda known: known["at"], default=None)
        return last["tier"] if last else None

    def among(self, ref: str, segments: Sequence[str]) -> bool:
        """Whether the person is in one of the segments now."""
        keys = [f"{known}|{segment}" for known in self._people.group(ref) for segment in segments]
        return bool(self._store.fetch(SEGMENTS, keys))
