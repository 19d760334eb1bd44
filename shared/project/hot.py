"""The views used last, kept encoded in memory, so that folding them again costs no query."""

from collections import OrderedDict

HOT_BYTES = 32_000_000


class Hot:
    """Views of any number of collections, up to a number of bytes together; the oldest ones give way.

    A collection is `whole` while every view it has is here: one that is not here then does not exist.
    """

    def __init__(self, room: int = HOT_BYTES) -> None:
        self._room, self._used = room, 0
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._whole: set[str] = set()

    def begin(self, collection: str, *, whole: bool) -> None:
        """Forget a collection; it is whole when it is known to be empty."""
        for place in [place for place in self._kept if place[0] == collection]:
            self._used -= len(self._kept.pop(place))
        (self._whole.add if whole else self._whole.discard)(collection)

    def whole(self, collection: str) -> bool:
        """Tell whether every view of a collection is here."""
        return collection in self._whole

    def get(self, collection: str, key: str) -> bytes | None:
        """Return the encoded view of a key, if it is here."""
        found = self._kept.get((collection, key))
        if found is not None:
            self._kept.move_to_end((collection, key))
        return found

    def put(self, collection: str, key: str, view: bytes | None) -> None:
        """Keep a view, or forget it (None)."""
        self._used -= len(self._kept.pop((collection, key), b""))
        if view is not None:
            self._kept[collection, key] = view
            self._used += len(view)
        while self._used > self._room:
            (other, _), oldest = self._kept.popitem(last=False)
            self._used -= len(oldest)
            self._whole.discard(other)
