"""What the views for analysts say in MongoDB's language, named as the exported tables name it in Python."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.project.forest import ALIASES

Expression = Any
Pipeline = Sequence[Mapping[str, Any]]


def id_in(field: str) -> Expression:
    """Return the id within the name of a stream."""
    start = {"$add": [{"$indexOfBytes": [field, "-"]}, 1]}
    return {"$substrBytes": [field, start, -1]}


def either(*options: Expression) -> Expression:
    """Return the first that is not null, else null."""
    return {"$ifNull": [*options, None]}


def facts(*types: str) -> Expression:
    """Return the facts of these types, oldest first."""
    return {"$filter": {"input": "$facts", "as": "f", "cond": {"$in": ["$$f.type", list(types)]}}}


def part(fact: Expression, path: str) -> Expression:
    """Return a field of a fact."""
    return {"$let": {"vars": {"fact": fact}, "in": f"$$fact.{path}"}}


def first(path: str, *types: str) -> Expression:
    """Return a field of the first fact of these types."""
    return part({"$arrayElemAt": [facts(*types), 0]}, path)


def last(path: str, *types: str) -> Expression:
    """Return a field of the last fact of these types."""
    return part({"$arrayElemAt": [facts(*types), -1]}, path)


def newest(fields: Mapping[str, str]) -> Expression:
    """Return the value that was said last, of fields by event type."""
    said = {type_: f"$$f.data.{field}" for type_, field in fields.items()}
    return _last_said(named("$$f.type", said))


def total(path: str, *types: str) -> Expression:
    """Return the sum of a field of the facts of these types."""
    return {"$sum": {"$map": {"input": facts(*types), "as": "f", "in": f"$$f.{path}"}}}


def count(*types: str) -> Expression:
    """Return how many facts are of these types."""
    return {"$size": facts(*types)}


def named(value: Expression, names: Mapping[str, Expression]) -> Expression:
    """Return what stands for a value, null for another one."""
    branches = [{"case": {"$eq": [value, key]}, "then": name} for key, name in names.items()]
    return {"$switch": {"branches": branches, "default": None}}


def entities(begin: str, columns: Mapping[str, Expression], *before: Mapping[str, Any]) -> Pipeline:
    """Return one row per document of facts that has the first fact; `before` are stages on sorted facts."""
    return [
        {"$match": {"facts.type": begin}},
        {"$set": {"facts": {"$sortArray": {"input": "$facts", "sortBy": {"at": 1, "version": 1}}}}},
        {"$set": {"customer": _last_said("$$f.customer")}},
        *before,
        *_shown(columns),
    ]


def journaled(types: Sequence[str], columns: Mapping[str, Expression]) -> Pipeline:
    """Return one row per event of these types, all when there are none."""
    return [*([{"$match": {"type": {"$in": sorted(types)}}}] if types else []), *_shown(columns)]


def _last_said(value: Expression) -> Expression:
    said = {"$map": {"input": "$facts", "as": "f", "in": value}}
    known = {"$filter": {"input": said, "as": "v", "cond": {"$gt": ["$$v", None]}}}
    return {"$arrayElemAt": [known, -1]}


def _shown(columns: Mapping[str, Expression]) -> Pipeline:
    """Return the stages that name the customer as the identities stand, and show these columns."""
    climb = {
        "from": ALIASES, "startWith": "$customer", "connectFromField": "parent", "connectToField": "_id",
        "as": "aliases", "depthField": "depth",
    }  # fmt: skip
    top = {"$arrayElemAt": [{"$sortArray": {"input": "$aliases", "sortBy": {"depth": -1}}}, 0]}
    root = either(part(top, "parent"), part(top, "_id"), "$customer")
    shown = {name: either(value) for name, value in columns.items()}
    return [{"$graphLookup": climb}, {"$project": {"_id": 0, **shown, "customer": root}}]
