"""Events and writes as MongoDB documents and operations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne

from shared.events import Event, Meta
from shared.store.write import Count, Insert, Put, Remove, Swap, Write

Document = dict[str, Any]
META = tuple(f.name for f in fields(Meta))
Operation = InsertOne[Document] | ReplaceOne[Document] | UpdateOne | DeleteOne


def to_document(event: Event) -> Document:
    """Return the stored form of an event; `from_document` is its inverse."""
    return {
        "_id": event.id,
        "position": event.position,
        "partition": event.partition,
        "previous": event.previous,
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "schema": event.schema,
        "data": event.data,
        "meta": {name: v for name in META if (v := getattr(event.meta, name)) is not None},
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
    }


def from_document(service: str, document: Mapping[str, Any]) -> Event:
    """Return the event of a stored document."""
    known = dict(document)
    return Event(id=known.pop("_id"), service=service, meta=Meta(**known.pop("meta")), **known)


def operations(writes: Iterable[Write]) -> dict[str, list[Operation]]:
    """Return the bulk operations of `writes` by collection; counters are added up first."""
    by_collection: dict[str, list[Operation]] = defaultdict(list)
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for write in writes:
        match write:
            case Insert(collection, document):
                by_collection[collection].append(InsertOne(dict(document)))
            case Put(collection, document):
                same = {"_id": document["_id"]}
                by_collection[collection].append(ReplaceOne(same, dict(document), upsert=True))
            case Swap(collection, document, None):
                by_collection[collection].append(InsertOne(dict(document)))
            case Remove(collection, key):
                by_collection[collection].append(DeleteOne({"_id": key}))
            case Count(collection, key, add):
                for name, amount in add.items():
                    counts[collection, key][name] += amount
    for (collection, key), added in counts.items():
        by_collection[collection].append(UpdateOne({"_id": key}, {"$inc": dict(added)}, upsert=True))
    return by_collection


def replacements(swaps: Iterable[Swap]) -> dict[str, list[ReplaceOne[Document]]]:
    """Return the replacements by collection; one that matches nothing was overtaken."""
    found: dict[str, list[ReplaceOne[Document]]] = defaultdict(list)
    for swap in swaps:
        known = {"_id": swap.document["_id"], **(swap.known or {})}
        found[swap.collection].append(ReplaceOne(known, dict(swap.document)))
    return found
