"""Check a value against the part of JSON Schema that the event contracts use."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

Found = Iterator[tuple[str, str]]
Schema = Mapping[str, Any]
_KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list, tuple),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def violations(schema: Schema, value: Any) -> list[tuple[str, str]]:
    """Return every (JSON pointer, reason) in which `value` breaks `schema`; empty when it is valid."""
    return list(_walk(schema, value, "", schema))


def _walk(schema: Schema, value: Any, at: str, root: Schema) -> Found:
    if "$ref" in schema:
        schema = _resolve(root, schema["$ref"])
    wanted = schema.get("type")
    if wanted is not None and not _is(value, wanted):
        yield at, _not_a(wanted, value)
        return
    if "anyOf" in schema:
        yield from _any_of(schema["anyOf"], value, at, root)
    yield from _plain(schema, value, at)
    if isinstance(value, Mapping):
        yield from _object(schema, value, at, root)
    elif isinstance(value, list | tuple):
        yield from _array(schema, value, at, root)


def _resolve(root: Schema, reference: str) -> Schema:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _is(value: Any, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    return any(_is_one(value, name) for name in names)


def _is_one(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS[name])


def _not_a(wanted: str | list[str], value: Any) -> str:
    names = [wanted] if isinstance(wanted, str) else [name for name in wanted if name != "null"]
    if value is None:
        return "may not be null"
    words = {"object": "an object", "array": "a list", "string": "text", "integer": "a whole number"}
    return "is not " + " or ".join(words.get(name, f"a {name}") for name in names)


def _any_of(options: list[Schema], value: Any, at: str, root: Schema) -> Found:
    found = [list(_walk(option, value, at, root)) for option in options]
    if all(found):
        real = [errors for option, errors in zip(options, found, strict=True) if option.get("type") != "null"]
        yield from (real or found)[0]


def _plain(schema: Schema, value: Any, at: str) -> Found:
    if "enum" in schema and value not in schema["enum"]:
        yield at, "is not one of " + ", ".join(str(each) for each in schema["enum"] if each is not None)
    if "const" in schema and value != schema["const"]:
        yield at, f"is not {schema['const']}"
    if isinstance(value, str):
        yield from _text(schema, value, at)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(schema, value, at)


def _text(schema: Schema, value: str, at: str) -> Found:
    if len(value) < schema.get("minLength", 0):
        yield at, f"is shorter than {schema['minLength']}" if value else "may not be empty"
    if len(value) > schema.get("maxLength", len(value)):
        yield at, f"is longer than {schema['maxLength']}"
    if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
        yield at, schema.get("description") or f"does not match {schema['pattern']}"
    reads = _FORMATS.get(schema.get("format", ""))
    if reads is not None and (reason := reads(value)):
        yield at, reason


def _number(schema: Schema, value: float, at: str) -> Found:
    if "minimum" in schema and value < schema["minimum"]:
        yield at, f"is below {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield at, f"is above {schema['maximum']}"
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        yield at, f"is not above {schema['exclusiveMinimum']}"


def _object(schema: Schema, value: Mapping[str, Any], at: str, root: Schema) -> Found:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}/{name}", "is missing"
    rest = schema.get("additionalProperties", True)
    for name, each in value.items():
        where = f"{at}/{_escape(name)}"
        if name in known:
            yield from _walk(known[name], each, where, root)
        elif rest is False:
            yield where, "is not known"
        elif isinstance(rest, Mapping):
            yield from _walk(rest, each, where, root)


def _array(schema: Schema, value: list[Any] | tuple[Any, ...], at: str, root: Schema) -> Found:
    if len(value) < schema.get("minItems", 0):
        yield at, f"holds fewer than {schema['minItems']}"
    if len(value) > schema.get("maxItems", len(value)):
        yield at, f"holds more than {schema['maxItems']}"
    if "items" in schema:
        for index, each in enumerate(value):
            yield from _walk(schema["items"], each, f"{at}/{index}", root)


def _escape(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _moment(value: str) -> str | None:
    try:
        zone = datetime.fromisoformat(value).tzinfo
    except ValueError:
        return "is not a moment such as 2026-01-31T12:00:00Z"
    return None if zone else "needs a time zone offset, such as Z"


def _day(value: str) -> str | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return "is not a date such as 2026-01-31"
    return None


_FORMATS: dict[str, Callable[[str], str | None]] = {"date-time": _moment, "date": _day}
