"""Entries of the journal that are folded at once, and what every projection asks of them, found out once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shared.project.aliases import Edge, edge_of
from shared.project.entry import Document, Entry
from shared.project.forest import Forest


@dataclass(frozen=True, slots=True)
class Passage:
    """What a checkpoint learns by moving past a lot: the position, and per source its marks and counts."""

    position: int
    marks: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Lot:
    """Entries that follow one another."""

    entries: Sequence[Entry]

    @cached_property
    def types(self) -> frozenset[str]:
        """The event types in the lot."""
        return frozenset(entry.event.type for entry in self.entries)

    @cached_property
    def edges(self) -> list[tuple[Entry, Edge]]:
        """What the lot says about who is who."""
        return [(entry, edge) for entry in self.entries if (edge := edge_of(entry.event))]

    @cached_property
    def passage(self) -> Passage:
        """How far one is after the lot."""
        passage = Passage(self.entries[-1].position)
        for entry in self.entries:
            event = entry.event
            passage.marks.setdefault(event.service, {})[str(event.partition)] = event.position
            passage.counts[event.service] = passage.counts.get(event.service, 0) + 1
        return passage

    def aliases(self, forest: Forest) -> dict[str, Document]:
        """Return the alias documents of all children that the lot speaks of, asked for once."""
        known: dict[str, Document] | None = self.__dict__.get("_aliases")
        if known is None:
            known = forest.aliases({edge.child for _, edge in self.edges})
            self.__dict__["_aliases"] = known
        return known
