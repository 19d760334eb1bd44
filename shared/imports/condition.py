"""Conditions: which rows a rule takes, and what a row has to fulfil."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.imports.convert import decimal
from shared.imports.expression import Expression, Group, MappingError, expression

Condition = Callable[[Group], bool]
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda value, wanted: str(value) == str(wanted),
    "in": lambda value, wanted: str(value) in {str(each) for each in wanted},
    "starts_with": lambda value, wanted: str(value).startswith(str(wanted)),
    "matches": lambda value, wanted: re.fullmatch(wanted, str(value)) is not None,
    "above": lambda value, wanted: decimal(value) > decimal(wanted),
    "below": lambda value, wanted: decimal(value) < decimal(wanted),
    "at_least": lambda value, wanted: decimal(value) >= decimal(wanted),
    "at_most": lambda value, wanted: decimal(value) <= decimal(wanted),
}


def condition(spec: Any, at: str) -> Condition:
    """Compile `{column: Quantity, above: 0}`, `{any: [...]}`, `{all: [...]}` or `{not: ...}`.

    A value that is absent or no number fails every test but `present: false`. Raises MappingError.
    """
    if not isinstance(spec, Mapping):
        raise MappingError(at, "is not a condition")
    if "not" in spec:
        inner = condition(spec["not"], f"{at}/not")
        return lambda group: not inner(group)
    for word, combine in (("all", all), ("any", any)):
        if word in spec:
            parts = [condition(each, f"{at}/{word}/{index}") for index, each in enumerate(spec[word])]
            return _combined(combine, parts)
    return _test(spec, at)


def _combined(combine: Callable[[Any], bool], parts: list[Condition]) -> Condition:
    return lambda group: combine(part(group) for part in parts)


def _test(spec: Mapping[str, Any], at: str) -> Condition:
    found = [word for word in (*_TESTS, "present") if word in spec]
    if len(found) != 1:
        raise MappingError(at, f"needs exactly one of {', '.join((*_TESTS, 'present'))}")
    value = expression({key: each for key, each in spec.items() if key != found[0]}, at)
    return _present(value, bool(spec[found[0]])) if found == ["present"] else _compared(value, found[0], spec)


def _present(value: Expression, wanted: bool) -> Condition:
    return lambda group: (value(group) is not None) is wanted


def _compared(value: Expression, word: str, spec: Mapping[str, Any]) -> Condition:
    test, wanted = _TESTS[word], spec[word]

    def holds(group: Group) -> bool:
        found = value(group)
        try:
            return found is not None and test(found, wanted)
        except ValueError:
            return False  # the field's own expression tells that it is no number

    return holds
