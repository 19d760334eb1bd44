"""What may change in a published version: whatever still accepts all that it accepted before."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
LEAST = ("minLength", "minItems", "minimum")
MOST = ("maxLength", "maxItems", "maximum")


def breaks(published: Schema, new: Schema) -> list[str]:
    """Return, in words, every way in which `new` breaks a promise of the `published` schema."""
    return [*_unsealed(published, new), *_walk(published, new, "")]


def _unsealed(published: Schema, new: Schema) -> Iterator[str]:
    for name in published.get("x-personal", []):
        if name not in new.get("x-personal", []):
            yield f"/{name} was personal and is no longer sealed"


def _walk(old: Schema, new: Schema, at: str) -> Iterator[str]:
    yield from _kinds(old, new, at or "/")
    yield from _bounds(old, new, at or "/")
    yield from _properties(old, new, at)
    for inner in ("items", "additionalProperties"):
        before, after = old.get(inner), new.get(inner)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _walk(before, after, f"{at}/*")


def _properties(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, schema in before.items():
        if name in after:
            yield from _walk(schema, after[name], f"{at}/{name}")
        else:
            yield f"{at}/{name} was removed"
    for name in new.get("required", []):
        if name not in old.get("required", []):
            yield f"{at}/{name} became required"


def _kinds(old: Schema, new: Schema, at: str) -> Iterator[str]:
    if "type" in new and (lost := _types(old) - _types(new)):
        yield f"{at} no longer takes the type {', '.join(sorted(lost))}"
    if "enum" in new and (gone := _values(old) - _values(new)):
        yield f"{at} no longer takes {', '.join(sorted(gone))}"
    for word in ("pattern", "format"):
        if word in new and new[word] != old.get(word):
            yield f"{at} has another {word}: {old.get(word)} became {new[word]}"


def _types(schema: Schema) -> set[str]:
    kind = schema.get("type", "any value")
    return {kind} if isinstance(kind, str) else set(kind)


def _values(schema: Schema) -> set[str]:
    return {str(v) for v in schema.get("enum", ["any other value"])}


def _bounds(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for word in LEAST:
        if word in new and new[word] > old.get(word, float("-inf")):
            yield f"{at} was narrowed: {word} {old.get(word, 'unbounded')} became {new[word]}"
    for word in MOST:
        if word in new and new[word] < old.get(word, float("inf")):
            yield f"{at} was narrowed: {word} {old.get(word, 'unbounded')} became {new[word]}"
