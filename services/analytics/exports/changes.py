"""What has changed since a position of the journal: streams, customers, and who belongs to whom."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pymongo.database import Database

from shared.project.aliases import edge_of
from shared.project.entry import Document, Entry
from shared.project.forest import Forest


@dataclass(slots=True)
class Changes:
    """`moved` are refs whose customer may be another one than before: all their rows change with them."""

    streams: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)


def changes(entries: Iterable[Entry]) -> Changes:
    """Return what these entries touch."""
    found = Changes()
    for entry in entries:
        found.streams.add(entry.event.stream)
        if entry.event.meta.customer:
            found.refs.add(entry.event.meta.customer)
        edge = edge_of(entry.event)
        if edge:
            found.moved |= {edge.child, edge.parent}
    return found


def whole_groups(database: Database[Document], refs: Iterable[str]) -> set[str]:
    """Return these refs with all others that belong to the same customers."""
    forest, wanted = Forest(database), set(refs)
    roots = set(forest.roots(wanted).values())
    members = forest.groups(sorted(roots))
    return wanted | {ref for group in members.values() for ref in group}
