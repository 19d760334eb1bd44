"""Values at the bounds of what a declaration admits: the first and the last day, the longest text, most."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from random import Random
from typing import Any, Literal, get_args, get_origin

from shared.contracts.derive import Shape, shape_of, shapes_of
from shared.values import Between, Length, Matching

MOMENTS = ("0001-01-01T00:00:00Z", "2026-05-01T10:00:00Z", "9999-12-31T23:59:59.999Z")
DAYS = ("0001-01-01", "2026-05-01", "9999-12-31")
TEXTS = (
    *("a", "7", "12.50", "0", "EUR", "09:00", "17:00", "Europe/Berlin", "2026-05-01", "a@b.example", " ", ""),
    *("1e999999", "NaN", "{{a}}", "$ne", "ü💥", "rapport.sales.OrderPlaced.v1", "999999999999.999999"),
)
MOST_TEXT, MOST_NUMBER = 3_000, 2**63 - 1


class Extremes:
    """Makes data that a declaration accepts, at its bounds; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def of(self, cls: Any, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return data of a payload or command; what may be left out is, half of the time."""
        wanted = [f for f in fields(cls) if f.name not in without]
        told = [f for f in wanted if _needed(f) or self._random.random() < 0.5]
        return {f.name: self._value(shapes_of(cls)[f.name], f.name) for f in told}

    def _value(self, shape: Shape, name: str) -> Any:
        kind, origin = shape.kind, get_origin(shape.kind)
        if shape.optional and self._random.random() < 0.3:
            return None
        if is_dataclass(kind):
            return self.of(kind)
        if origin in (list, tuple):
            inner, count = shape_of(get_args(kind)[0]), max(_bounds(shape)[0], self._random.randint(0, 2))
            return [self._value(inner, name) for _ in range(count)]
        if origin in (dict, Mapping):
            return {self._text(Shape(str, (), False), "key"): "a"}
        return self._plain(shape, name)

    def _plain(self, shape: Shape, name: str) -> Any:
        choices: dict[Any, Any] = {bool: (True, False), datetime: MOMENTS, date: DAYS, Any: (None, 1, "a")}
        if get_origin(shape.kind) is Literal:
            return self._random.choice(get_args(shape.kind))
        if shape.kind in (int, float):
            return shape.kind(self._random.choice(_numbers(shape)))
        return self._random.choice(choices[shape.kind]) if shape.kind in choices else self._text(shape, name)

    def _text(self, shape: Shape, name: str) -> str:
        """Ids are few, so that one command finds what another one made."""
        if name.endswith("_id") and self._random.random() < 0.8:
            return self._random.choice(("a", "7"))
        least, most = _bounds(shape)
        patterns = [note.pattern for note in shape.notes if isinstance(note, Matching)]
        fit = [t for t in (*TEXTS, "x" * most) if least <= len(t) <= most]
        return self._random.choice([t for t in fit if all(re.fullmatch(p, t) for p in patterns)] or ["a"])


def _needed(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _bounds(shape: Shape) -> tuple[int, int]:
    known = [note for note in shape.notes if isinstance(note, Length)]
    return max([0, *(n.least for n in known)]), min([MOST_TEXT, *(n.most for n in known)])


def _numbers(shape: Shape) -> tuple[float, float, float]:
    known = [note for note in shape.notes if isinstance(note, Between)]
    least = max([-MOST_NUMBER, *(n.least for n in known if n.least is not None)])
    most = min([MOST_NUMBER, *(n.most for n in known if n.most is not None)])
    return least, most, max(least, min(most, 1))
