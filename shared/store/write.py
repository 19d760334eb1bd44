"""Document writes that travel in the same transaction as an append."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Insert:
    """Insert a document that must be new (`_id` decides)."""

    collection: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """Replace the document with the same `_id`, or insert it."""

    collection: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove the document with this `_id`, if there is one."""

    collection: str
    key: str


@dataclass(frozen=True, slots=True)
class Count:
    """Add to the numeric fields of a counter document, making it when it is new."""

    collection: str
    key: str
    add: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Swap:
    """Replace a document that must still be as it was read: `known` are values it must have.

    Where it is None there must be no such document yet.
    """

    collection: str
    document: Mapping[str, Any]
    known: Mapping[str, Any] | None

    @property
    def place(self) -> tuple[str, str]:
        """Collection and key of the document."""
        return self.collection, self.document["_id"]


Write = Insert | Put | Remove | Count | Swap


def collapsed(writes: Iterable[Write]) -> list[Write]:
    """Return what several changes of one document after another come to: one write for each document."""
    last: dict[tuple[str, str], Write] = {}
    others: list[Write] = []
    for write in writes:
        match write:
            case Put(collection, document):
                last[collection, document["_id"]] = write
            case Remove(collection, key):
                last[collection, key] = write
            case Swap():
                first = last.get(write.place)
                known = first.known if isinstance(first, Swap) else write.known
                last[write.place] = Swap(write.collection, write.document, known)
            case _:
                others.append(write)
    return [*others, *last.values()]
