"""Seal and open personal fields; the only reader of keys."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from shared.errors import Corrupt, Rejected
from shared.privacy.keys import KeyStore
from shared.privacy.sealing import is_sealed, person_of, seal, unseal

KEPT_SECONDS = 10.0
KEPT_KEYS = 50_000


class Erased(Rejected):
    """The person's key was destroyed: nothing about them is recorded any more."""

    def __init__(self, person: str) -> None:
        self.person = person
        super().__init__(f"{person} was erased")


class Vault:
    """Holds keys for a few seconds at most, so that an erasure is in force everywhere within that time."""

    def __init__(self, keys: KeyStore, tick: Callable[[], float] = time.monotonic) -> None:
        self._keys, self._tick = keys, tick
        self._held: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def prepare(self, persons: Iterable[str]) -> set[str]:
        """Fetch or make the keys of many persons in one go; return who is erased."""
        wanted = list(dict.fromkeys(persons))
        found = self._find(wanted, self._keys.ensure)
        return set(wanted) - set(found)

    def seal(
        self, person: str, stream: str, data: Mapping[str, Any], fields: Sequence[str]
    ) -> dict[str, Any]:
        """Return `data` with the named fields sealed; what was sealed for this place stays. Raises Erased."""
        sealed = dict(data)
        for field in fields:
            if isinstance(text := data.get(field), str) and not self._opens(text, stream, field):
                sealed[field] = seal(self._key(person), person, text, f"{stream}#{field}")
        return sealed

    def open(self, sealed: str, stream: str, field: str) -> str | None:
        """Return the text, or None when the person was erased."""
        person = person_of(sealed)
        key = self._find([person], self._keys.get).get(person)
        return None if key is None else unseal(key, sealed, f"{stream}#{field}")

    def open_many(self, sealed: Sequence[tuple[str, str, str]]) -> list[str | None]:
        """Open (sealed, stream, field) triples, reading the keys once."""
        self.fetch(text for text, _, _ in sealed)
        return [self.open(*item) for item in sealed]

    def fetch(self, sealed: Iterable[str]) -> None:
        """Fetch the keys of sealed texts that are opened next, in one go."""
        self._find(list(dict.fromkeys(map(person_of, sealed))), self._keys.get)

    def belong(self, stream: str, person: str) -> None:
        """Let what the stream's own key sealed, before its person was known, share the person's end."""
        self._keys.belong(stream, person)

    def destroy(self, persons: Sequence[str], at: Any) -> None:
        """Destroy the keys of these persons, here at once and elsewhere within KEPT_SECONDS."""
        self._keys.destroy(persons, at)
        for person in persons:
            self._held.pop(person, None)

    def _opens(self, text: str, stream: str, field: str) -> bool:
        """Tell whether a text was sealed for this place; one that only looks so is a text like others."""
        try:
            return is_sealed(text) and self.open(text, stream, field) is not None
        except Corrupt:
            return False

    def _key(self, person: str) -> bytes:
        found = self._find([person], self._keys.ensure)
        if person not in found:
            raise Erased(person)
        return found[person]

    def _find(
        self, persons: Sequence[str], source: Callable[[Sequence[str]], dict[str, bytes]]
    ) -> dict[str, bytes]:
        now = self._tick()
        held = {p: kept[1] for p in persons if (kept := self._held.get(p)) and kept[0] > now}
        missing = [p for p in persons if p not in held]
        if missing:
            found = source(missing)
            self._held.update({p: (now + KEPT_SECONDS, key) for p, key in found.items()})
            held |= found
        while len(self._held) > KEPT_KEYS:
            self._held.popitem(last=False)
        return held
