"""The index from identifiers to contacts, kept in the same transactions as the events it follows from."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.contacts.domain.rules import SHARED
from shared.store.port import Store
from shared.store.write import Insert, Put, Remove, Write

IDENTIFIERS, ALIASES = "identifiers", "aliases"
KEPT = 100_000


class Index:
    """Answers which contact an identifier's ref belongs to, and of whom a contact is an alias by now."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, OrderedDict[str, str]] = {IDENTIFIERS: OrderedDict(), ALIASES: OrderedDict()}

    def owners(self, refs: Iterable[str], fresh: bool = False) -> dict[str, str]:
        """Return the surviving contact of every ref that has one; SHARED for what several people share."""
        owners = self._read(IDENTIFIERS, list(dict.fromkeys(refs)), fresh)
        roots = self.survivors(set(owners.values()), fresh)
        return {ref: roots[contact] for ref, contact in owners.items()}

    def survivors(self, contacts: Iterable[str], fresh: bool = False) -> dict[str, str]:
        """Return for every contact the one it is an alias of in the end; itself when it is none."""
        roots = {c: c for c in contacts}
        moving = set(roots.values())
        while moving:
            into = self._read(ALIASES, sorted(moving), fresh)
            roots = {c: into.get(root, root) for c, root in roots.items()}
            moving = set(into.values())
        return roots

    def root(self, key: str) -> str:
        """Return the contact that a ref or a former id leads to by now; itself when it leads nowhere."""
        owner = self.owners([key], fresh=True).get(key) or key
        return self.survivors([owner], fresh=True)[owner]

    def forget(self, ref: str) -> None:
        """Ask anew whom an identifier belongs to."""
        self._kept[IDENTIFIERS].pop(ref, None)

    def _read(self, collection: str, keys: Sequence[str], fresh: bool) -> dict[str, str]:
        kept = self._kept[collection]
        # An alias can come and go, so only what an identifier belongs to is worth remembering.
        known = {} if fresh or collection == ALIASES else {k: kept[k] for k in keys if k in kept}
        missing = [k for k in keys if k not in known]
        found = {k: _target(d) for k, d in self._store.fetch(collection, missing).items()} if missing else {}
        kept.update(found)
        while len(kept) > KEPT:
            kept.popitem(last=False)
        return known | found


def _target(document: Mapping[str, Any]) -> str:
    return str(document["contact"])


def claim(ref: str, contact: str) -> Write:
    """Return the write that gives an identifier to a contact; it fails when another has it."""
    return Insert(IDENTIFIERS, {"_id": ref, "contact": contact})


def alias(absorbed: str, survivor: str) -> Write:
    """Return the write that makes one contact an alias of another."""
    return Put(ALIASES, {"_id": absorbed, "contact": survivor})


def unalias(absorbed: str) -> Write:
    """Return the write that ends an alias."""
    return Remove(ALIASES, absorbed)


def share(ref: str) -> Write:
    """Return the write that makes an identifier tell nobody any more (C-4)."""
    return Put(IDENTIFIERS, {"_id": ref, "contact": SHARED})


def own(ref: str, contact: str) -> Write:
    """Return the write that gives a contact an identifier that was shared."""
    return Put(IDENTIFIERS, {"_id": ref, "contact": contact})


def release(ref: str) -> Write:
    """Return the write that frees an identifier."""
    return Remove(IDENTIFIERS, ref)
