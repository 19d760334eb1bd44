"""Who is who, in memory."""

from collections.abc import Collection

from shared.people import People
from shared.project.aliases import climb
from shared.project.forest import ALIASES
from shared.store.memory import MemoryStore


class MemoryPeople(People):
    """The refs of persons, grouped in memory as `shared.people` groups them in the database."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def roots(self, refs: Collection[str]) -> dict[str, str]:
        """Return, by ref, the one that its person is known by."""
        parents = self._parents()
        return {ref: climb(ref, parents) for ref in refs}

    def groups(self, refs: Collection[str]) -> dict[str, list[str]]:
        """Return, by ref, every ref of its person."""
        parents, roots = self._parents(), self.roots(refs)
        known = {*roots, *roots.values(), *parents}
        return {ref: sorted(k for k in known if climb(k, parents) == root) for ref, root in roots.items()}

    def _parents(self) -> dict[str, str | None]:
        return {str(d["_id"]): d["parent"] for d in self._store.documents[ALIASES].values()}
