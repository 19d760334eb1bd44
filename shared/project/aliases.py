"""Identity as a forest of aliases: identifier -> contact -> survivor. Pure.

An alias document is `{_id: child, parent, seen: [parents], history: [edge changes]}`. Changes of one edge
come from one stream and so in order; between edges the latest (occurred_at, event id) wins, in any order of
arrival.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.events import Event
from shared.project.entry import Document, Until

NOW = Until()


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` belongs to `parent` (`on`), or no longer does."""

    child: str
    parent: str
    on: bool


def edge_of(event: Event) -> Edge | None:
    """Return what an identity event says about the forest, or None."""
    data = event.data
    match event.type:
        case "ContactIdentifierLinked" | "ContactIdentifierUnlinked":
            edge = Edge(data["ref"], data["contact_id"], event.type == "ContactIdentifierLinked")
        case "ContactsMerged" | "ContactsUnmerged":
            edge = Edge(data["absorbed_id"], data["survivor_id"], event.type == "ContactsMerged")
        case _:
            return None
    return edge if edge.child != edge.parent else None


def learn(alias: Mapping[str, Any] | None, edge: Edge, event: Event) -> Document:
    """Return the alias document of `edge.child` with one change more."""
    known = alias or {"_id": edge.child, "seen": [], "history": []}
    change = {
        "parent": edge.parent, "on": edge.on, "by": event.id,
        "occurred_at": event.occurred_at, "recorded_at": event.recorded_at,
    }  # fmt: skip
    history = [*known["history"], change]
    seen = sorted({*known["seen"], edge.parent})
    return {"_id": edge.child, "parent": parent_of(history), "seen": seen, "history": history}


def parent_of(history: Iterable[Mapping[str, Any]], until: Until = NOW) -> str | None:
    """Return the parent that the changes within `until` leave, or None."""
    active: dict[str, tuple[Any, str]] = {}
    for change in history:
        if not until.holds(change["occurred_at"], change["recorded_at"]):
            continue
        active.pop(change["parent"], None)
        if change["on"]:
            active[change["parent"]] = (change["occurred_at"], change["by"])
    return max(active, key=lambda parent: active[parent], default=None)


def climb(ref: str, parents: Mapping[str, str | None]) -> str:
    """Return the root above `ref`; of a circle, seen only while events are under way, the least member."""
    path = [ref]
    while (above := parents.get(path[-1])) is not None:
        if above in path:
            return min(path[path.index(above) :])
        path.append(above)
    return path[-1]
