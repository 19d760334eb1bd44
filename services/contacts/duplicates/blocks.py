"""The blocks: which contacts share a key. Documents hold keyed hashes and ids, nothing of a person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shared.store.port import Store
from shared.store.write import Put

BLOCKS, PLACES = "blocks", "block_places"
MOST = 50  # a key that more contacts share tells nobody apart, and is not looked at again


class Blocks:
    """The blocks that a window touches, read at once and changed in memory; `writes` is what to commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._blocks: dict[str, list[str] | None] = {}
        self._places: dict[str, list[str]] = {}

    def place(self, keyed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Put contacts under their keys, and nowhere else; return whom each meets, most in common first."""
        former = self._store.fetch(PLACES, list(keyed))
        left = {c: set(former[c]["keys"]) - {*keyed[c]} if c in former else set() for c in keyed}
        self._read({key for keys in (*keyed.values(), *left.values()) for key in keys})
        for contact, keys in keyed.items():
            self._leave(contact, left[contact])
            self._enter(contact, keys)
        self._places = {c: list(keys) for c, keys in keyed.items()}
        return {c: self._met(c, keys) for c, keys in keyed.items()}

    def writes(self) -> list[Put]:
        """Return the blocks and places as they are now."""
        blocks = [_block(key, members) for key, members in self._blocks.items()]
        return [*blocks, *(Put(PLACES, {"_id": c, "keys": keys}) for c, keys in self._places.items())]

    def _read(self, wanted: Iterable[str]) -> None:
        keys = sorted(wanted)
        found = self._store.fetch(BLOCKS, keys)
        for key in keys:
            document = found.get(key, {"contacts": [], "full": False})
            self._blocks[key] = None if document["full"] else list(document["contacts"])

    def _enter(self, contact: str, keys: Iterable[str]) -> None:
        for key in keys:
            members = self._blocks[key]
            if members is not None and contact not in members:
                self._blocks[key] = [*members, contact] if len(members) < MOST else None

    def _leave(self, contact: str, keys: Iterable[str]) -> None:
        for key in keys:
            members = self._blocks[key]
            if members is not None:
                self._blocks[key] = [member for member in members if member != contact]

    def _met(self, contact: str, keys: Iterable[str]) -> list[str]:
        met = Counter(member for key in keys for member in self._blocks[key] or () if member != contact)
        return [member for member, _ in sorted(met.items(), key=lambda known: (-known[1], known[0]))]


def _block(key: str, members: Sequence[str] | None) -> Put:
    return Put(BLOCKS, {"_id": key, "contacts": list(members or ()), "full": members is None})
