"""One hash over all views of a projection: equal views, equal digest."""

from hashlib import sha256

import orjson
from pymongo import ASCENDING
from pymongo.collection import Collection

from shared.project.entry import Document


def canonical(view: Document) -> bytes:
    """Return the view as JSON with sorted keys."""
    return orjson.dumps(view, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def digest(collection: Collection[Document]) -> tuple[str, int]:
    """Return the SHA-256 over all views in the order of their keys, and how many there are."""
    total, count = sha256(), 0
    for view in collection.find({}, batch_size=2_000).sort("_id", ASCENDING):
        total.update(canonical(view) + b"\n")
        count += 1
    return total.hexdigest(), count
