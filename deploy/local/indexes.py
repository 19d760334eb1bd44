"""After an unclean stop of the embedded server: trust no secondary index before it is checked."""

from collections.abc import Iterator, Mapping
from typing import Any

import pymongo
from pymongo.collection import Collection

from deploy.local.packages import Say

Doc = dict[str, Any]
SYSTEM = {"admin", "local", "config"}
OPTIONS = ("unique", "sparse", "partialFilterExpression", "expireAfterSeconds", "collation")


def repair_indexes(url: str, say: Say = print) -> list[str]:
    """Rebuild every secondary index that does not hold all documents; return their names.

    A kill while an index is built leaves a listed index that misses documents and accepts duplicates
    (tests/integration/test_local_database.py). Indexes that hold a part on purpose cannot be counted and
    are always rebuilt.
    """
    with pymongo.MongoClient[Doc](url) as client:
        suspects = [(c, index) for c in _collections(client) for index in _broken(c)]
        for number, (collection, index) in enumerate(suspects, 1):
            say(f"rebuilding index {number} of {len(suspects)}: {collection.full_name} {index['name']}")
            rebuild(collection, index)
    return [f"{collection.full_name}.{index['name']}" for collection, index in suspects]


def _collections(client: "pymongo.MongoClient[Doc]") -> Iterator[Collection[Doc]]:
    for database in sorted(set(client.list_database_names()) - SYSTEM):
        for name in sorted(client[database].list_collection_names(filter={"type": "collection"})):
            if not name.startswith("system."):
                yield client[database][name]


def _broken(collection: Collection[Doc]) -> list[Mapping[str, Any]]:
    indexes = [dict(index) for index in collection.list_indexes() if index["name"] != "_id_"]
    if not indexes:
        return []
    total = _count(collection, [("$natural", 1)])
    return [index for index in indexes if _is_partial(index) or _held(collection, index) != total]


def _is_partial(index: Mapping[str, Any]) -> bool:
    return bool(index.get("sparse")) or "partialFilterExpression" in index


def _held(collection: Collection[Doc], index: Mapping[str, Any]) -> int:
    return _count(collection, index["name"])


def _count(collection: Collection[Doc], hint: Any) -> int:
    return sum(1 for _ in collection.find({}, {"_id": 1}).hint(hint))


def rebuild(collection: Collection[Doc], index: Mapping[str, Any]) -> None:
    """Drop one index and make it again with the same keys and options."""
    options = {name: index[name] for name in OPTIONS if name in index}
    collection.drop_index(index["name"])
    collection.create_index(list(index["key"].items()), name=index["name"], **options)
