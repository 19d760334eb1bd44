"""Codes and ids of nothing but spaces: as long as they need to be, and still nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, get_args

from shared.contracts.derive import Shape, shape_of, shapes_of
from shared.errors import FieldError
from shared.values import Length


def blanks(cls: Any, data: Mapping[str, Any], at: str = "") -> Iterator[FieldError]:
    """Yield the fields of a payload's data that have to say something and do not."""
    for name, shape in shapes_of(cls).items():
        if name in data:
            yield from _of(shape, data[name], f"{at}/{name}")


def _of(shape: Shape, value: Any, at: str) -> Iterator[FieldError]:
    if isinstance(value, Mapping) and is_dataclass(shape.kind):
        yield from blanks(shape.kind, value, at)
    elif isinstance(value, list):
        inner = shape_of(get_args(shape.kind)[0])
        for number, each in enumerate(value):
            yield from _of(inner, each, f"{at}/{number}")
    elif isinstance(value, str) and not value.strip() and _says(shape):
        yield FieldError(at, "is blank")


def _says(shape: Shape) -> bool:
    return any(isinstance(note, Length) and note.least > 0 for note in shape.notes)
