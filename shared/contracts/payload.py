"""Payloads between dataclasses and plain JSON data, for data that is known to be right."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, get_args, get_origin

from shared.contracts.derive import once, shape_of, shapes_of
from shared.events.clock import parse_rfc3339, rfc3339

T = TypeVar("T")


def to_data(payload: Any) -> Any:
    """Return the JSON form of a payload; fields that are None are left out."""
    if is_dataclass(payload):
        names = _names(type(payload))
        return {n: to_data(v) for n in names if (v := getattr(payload, n)) is not None}
    if isinstance(payload, datetime):
        return rfc3339(payload)
    if isinstance(payload, date):
        return payload.isoformat()
    if isinstance(payload, list | tuple):
        return [to_data(item) for item in payload]
    if isinstance(payload, Mapping):
        return {key: to_data(value) for key, value in payload.items()}
    return payload


@once
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls))


def from_data(cls: type[T], data: Mapping[str, Any]) -> T:
    """Return the payload of JSON data that a contract has accepted. Unknown fields are ignored."""
    known = shapes_of(cls)
    return cls(**{n: _value(s.kind, data[n]) for n, s in known.items() if n in data})


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if kind is datetime:
        return parse_rfc3339(value)
    if kind is date:
        return date.fromisoformat(value)
    if is_dataclass(kind):
        return from_data(kind, value)  # type: ignore[arg-type]
    if get_origin(kind) in (list, tuple):
        inner = shape_of(get_args(kind)[0]).kind
        return tuple(_value(inner, item) for item in value)
    return value
