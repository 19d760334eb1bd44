"""Document writes that travel in the same transaction as an append."""

from collections.abc import Mapping
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


Write = Insert | Put | Remove | Count
