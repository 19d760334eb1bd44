"""The alias forest of a service that follows contacts, in the form analytics keeps it."""

from collections.abc import Collection, Sequence
from typing import Any

from pymongo.database import Database

from shared.events import Event
from shared.project.aliases import edge_of, learn
from shared.project.forest import ALIASES, Forest, prepare_forest
from shared.store.client import answering
from shared.store.port import Store
from shared.store.write import Put

# The events of contacts to follow; none of their sealed values is read.
TYPES = tuple(
    f"rapport.contacts.{name}.v1"
    for name in ("ContactIdentifierLinked", "ContactIdentifierUnlinked", "ContactsMerged", "ContactsUnmerged")
)


class People:
    """Knows every ref of a person. Merges that are taken back leave no trace."""

    def __init__(self, store: Store, database: Database[dict[str, Any]]) -> None:
        self._store, self._database = store, database

    def prepare(self) -> None:
        """Make the index that the refs of a person are found by."""
        with answering():
            prepare_forest(self._database)

    def writes(self, events: Sequence[Event]) -> dict[str, list[Put]]:
        """Return, by event, the writes by which what is known follows; later events build on earlier ones."""
        edges = [(event, edge) for event in events if (edge := edge_of(event))]
        known: dict[str, Any] = dict(self._store.fetch(ALIASES, sorted({e.child for _, e in edges})))
        writes: dict[str, list[Put]] = {}
        for event, edge in edges:
            known[edge.child] = learn(known.get(edge.child), edge, event)
            writes[event.id] = [Put(ALIASES, known[edge.child])]
        return writes

    def root(self, ref: str) -> str:
        """Return the ref that the person is known by; the ref itself when it leads nowhere."""
        return self.roots([ref])[ref]

    def roots(self, refs: Collection[str]) -> dict[str, str]:
        """Return, by ref, the one that its person is known by; many cost no more queries than one."""
        with answering():
            return Forest(self._database).roots(refs)

    def group(self, ref: str) -> list[str]:
        """Return every ref of the person that a ref belongs to, itself included."""
        return self.groups([ref])[ref]

    def groups(self, refs: Collection[str]) -> dict[str, list[str]]:
        """Return, by ref, every ref of its person, itself included; many cost no more queries than one."""
        with answering():
            forest = Forest(self._database)
            roots = forest.roots(refs)
            members = forest.groups(set(roots.values()))
        return {ref: members[root] for ref, root in roots.items()}
