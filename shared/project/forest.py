"""The alias forest as stored: it is always at the head of the journal."""

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from shared.project.aliases import NOW, climb, parent_of
from shared.project.entry import Document, Until
from shared.store.lots import in_lots

ALIASES = "identity_alias"
REMEMBERED = 200_000


def prepare_forest(database: Database[Document]) -> None:
    """Create the index by parent; call it while the collection is empty."""
    database[ALIASES].create_index([("seen", ASCENDING)], name="seen")


class Forest:
    """Resolves any customer ref to its root, and a root to all its refs."""

    def __init__(self, database: Database[Document], until: Until = NOW) -> None:
        self._aliases, self._until = database[ALIASES], until
        self._parents: dict[str, str | None] = {}

    def roots(self, refs: Iterable[str]) -> dict[str, str]:
        """Return the root of every ref, from memory where it is known. See `forget`."""
        wanted = set(refs)
        if len(self._parents) > REMEMBERED:
            self._parents.clear()
        while unknown := {top for ref in wanted if (top := climb(ref, self._parents)) not in self._parents}:
            found = self.aliases(unknown)
            self._parents.update({ref: self._parent(found.get(ref)) for ref in unknown})
        return {ref: climb(ref, self._parents) for ref in wanted}

    def root(self, ref: str) -> str:
        """Return the root of one ref."""
        return self.roots([ref])[ref]

    def forget(self, refs: Iterable[str]) -> None:
        """Drop what is remembered of these refs: an identity event speaks of them."""
        for ref in refs:
            self._parents.pop(ref, None)

    def clear(self) -> None:
        """Drop all that is remembered."""
        self._parents.clear()

    def aliases(self, refs: Iterable[str]) -> dict[str, Document]:
        """Return the alias documents of these refs as stored, past memory."""
        lots = in_lots(list(refs))
        return {d["_id"]: d for lot in lots for d in self._aliases.find({"_id": {"$in": lot}})}

    def groups(self, roots: Iterable[str]) -> dict[str, list[str]]:
        """Return root -> every ref that belongs to it, itself included, as stored."""
        owner = {root: root for root in roots}
        frontier = list(owner)
        while frontier:
            children = [d for lot in in_lots(frontier) for d in self._aliases.find({"seen": {"$in": lot}})]
            below = {d["_id"]: self._parent(d) for d in children}
            fresh = {c: owner[p] for c, p in below.items() if p in owner and c not in owner}
            owner.update(fresh)
            frontier = list(fresh)
        groups: dict[str, list[str]] = {}
        for ref, root in sorted(owner.items()):
            groups.setdefault(root, []).append(ref)
        return groups

    def group(self, ref: str) -> list[str]:
        """Return every ref of the customer that `ref` belongs to."""
        root = self.root(ref)
        return self.groups([root])[root]

    def _parent(self, alias: Mapping[str, Any] | None) -> str | None:
        if alias is None:
            return None
        parent: str | None = alias["parent"] if self._until.open else parent_of(alias["history"], self._until)
        return parent
