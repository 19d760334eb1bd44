"""Who is who, in memory."""

from shared.people import People
from shared.project.aliases import climb
from shared.project.forest import ALIASES
from shared.store.memory import MemoryStore


class MemoryPeople(People):
    """The refs of persons, grouped in memory as `shared.people` groups them in the database."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def root(self, ref: str) -> str:
        """Return the ref that the person is known by."""
        return climb(ref, self._parents())

    def group(self, ref: str) -> list[str]:
        """Return every ref of the person."""
        parents, root = self._parents(), self.root(ref)
        return sorted(known for known in {root, ref, *parents} if climb(known, parents) == root)

    def _parents(self) -> dict[str, str | None]:
        return {str(d["_id"]): d["parent"] for d in self._store.documents[ALIASES].values()}
