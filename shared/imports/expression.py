"""Expressions: how a mapping says where a value comes from."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.imports.convert import converter
from shared.imports.rolling import rolling_date
from shared.imports.rows import Row


@dataclass(frozen=True, slots=True)
class Group:
    """The rows that make one event; what is said once is taken from the first."""

    first: Row
    rows: tuple[Row, ...]


class MappingError(ValueError):
    """The mapping file is wrong at `pointer`."""

    def __init__(self, pointer: str, reason: str) -> None:
        self.pointer, self.reason = pointer, reason
        super().__init__(f"{pointer or '/'} {reason}")


class RowRefused(ValueError):
    """A value of row `number` can not be used: `field` is the column or data field, and why."""

    def __init__(self, number: int, field: str, reason: str) -> None:
        self.number, self.field, self.reason = number, field, reason
        super().__init__(f"row {number}: {field} {reason}")


Expression = Callable[[Group], Any]
_PLACE = re.compile(r"\{([^{}]+)\}")
_WORDS = ("column", "template", "constant", "each_row", "first_of", "when", "rolling_date")
_AROUND = {"convert", "default"}


def expression(spec: Any, at: str = "") -> Expression:
    """Compile an expression. None means absent: it is left out of the object around it.

    Raises MappingError with the JSON pointer of what is wrong.
    """
    if not isinstance(spec, Mapping):
        return lambda _: spec
    word = next((word for word in _WORDS if word in spec), None)
    if word is None:
        return _object(spec, at)
    return _around(_MAKERS[word](spec, at), spec, at, _name(spec, word))


def _name(spec: Mapping[str, Any], word: str) -> str:
    return str(spec[word]) if isinstance(spec[word], str) else word


def _around(inner: Expression, spec: Mapping[str, Any], at: str, name: str) -> Expression:
    steps = spec.get("convert", [])
    try:
        converts = [converter(step) for step in (steps if isinstance(steps, list) else [steps])]
    except (ValueError, KeyError) as error:
        raise MappingError(f"{at}/convert", str(error)) from error
    default = spec.get("default")
    if not converts and default is None:
        return inner

    def run(group: Group) -> Any:
        value = inner(group)
        if value is None:
            return default
        try:
            for convert in converts:
                value = convert(value)
        except ValueError as error:
            raise RowRefused(group.first.number, name, str(error)) from error
        return value

    return run


def _object(spec: Mapping[str, Any], at: str) -> Expression:
    fields = [(name, expression(each, f"{at}/{name}")) for name, each in spec.items()]

    def run(group: Group) -> dict[str, Any] | None:
        found = {name: value for name, each in fields if (value := each(group)) is not None}
        return found or None

    return run


def _only(spec: Mapping[str, Any], at: str, *allowed: str) -> None:
    if unknown := set(spec) - set(allowed) - _AROUND:
        raise MappingError(f"{at}/{sorted(unknown)[0]}", "is not known here")


def _column(spec: Mapping[str, Any], at: str) -> Expression:
    _only(spec, at, "column")
    name = str(spec["column"])
    return lambda group: group.first.value(name)


def _constant(spec: Mapping[str, Any], at: str) -> Expression:
    _only(spec, at, "constant")
    value = spec["constant"]
    return lambda _: value


def _template(spec: Mapping[str, Any], at: str) -> Expression:
    """Text with {column} in it, `{#}` being the row number; absent when one of the columns is empty."""
    _only(spec, at, "template", "values")
    text, named = str(spec["template"]), spec.get("values", {})
    parts = {
        name: expression(named.get(name, {"column": name}), f"{at}/values/{name}")
        for name in _PLACE.findall(text)
        if name != "#"
    }

    def run(group: Group) -> str | None:
        values = {name: part(group) for name, part in parts.items()} | {"#": group.first.number}
        if any(value is None for value in values.values()):
            return None
        return _PLACE.sub(lambda found: str(values[found[1]]), text)

    return run


def _each_row(spec: Mapping[str, Any], at: str) -> Expression:
    _only(spec, at, "each_row")
    inner = expression(spec["each_row"], f"{at}/each_row")
    return lambda group: [inner(Group(row, (row,))) for row in group.rows]


def _first_of(spec: Mapping[str, Any], at: str) -> Expression:
    _only(spec, at, "first_of")
    options = [expression(each, f"{at}/first_of/{index}") for index, each in enumerate(spec["first_of"])]
    return lambda group: next((value for each in options if (value := each(group)) is not None), None)


def _when(spec: Mapping[str, Any], at: str) -> Expression:
    from shared.imports.condition import condition

    _only(spec, at, "when", "then", "else")
    holds = condition(spec["when"], f"{at}/when")
    then, other = expression(spec.get("then"), f"{at}/then"), expression(spec.get("else"), f"{at}/else")
    return lambda group: then(group) if holds(group) else other(group)


def _rolling(spec: Mapping[str, Any], at: str) -> Expression:
    _only(spec, at, "rolling_date")
    inner = spec["rolling_date"]
    try:
        day, month = (expression(inner[name], f"{at}/rolling_date/{name}") for name in ("day", "month"))
        roll = rolling_date(int(inner["first_year"]))
    except (KeyError, TypeError) as error:
        raise MappingError(f"{at}/rolling_date", "needs day, month and first_year") from error

    def run(group: Group) -> str:
        try:
            return roll(int(day(group)), int(month(group)))
        except (TypeError, ValueError) as error:
            raise RowRefused(group.first.number, "date", f"is no date: {error}") from error

    return run


_MAKERS: dict[str, Callable[[Mapping[str, Any], str], Expression]] = {
    "column": _column,
    "constant": _constant,
    "template": _template,
    "each_row": _each_row,
    "first_of": _first_of,
    "when": _when,
    "rolling_date": _rolling,
}
