"""Rules of segments as data: a small language of JSON, checked here, evaluated in `evaluate`.

    {"all": [RULE, ...]}   {"any": [RULE, ...]}   {"not": RULE}
    {"fact": "behaviour.orders", "is": "at_least", "value": 2, "within_days": 90}

A fact is one of the list in `declared`. `within_days: n` looks at the last n days, today included; a day
is a day in UTC, so what time alone changes it changes at midnight.
"""

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from shared.errors import FieldError
from shared.segments.declared import Declared, declared, suggestions

NUMBERS = ("at_least", "at_most", "more_than", "less_than")
DAYS = ("before", "after")
SINGLE = ("known", "unknown")
COMPARISONS = ("equal", "not_equal", "in", "not_in", *SINGLE, *DAYS, *NUMBERS)
DEEPEST, WIDEST, LONGEST_LIST, LONGEST_WINDOW = 6, 50, 1_000, 3_650


def wrong(rule: Any, at: str = "/rule", depth: int = 0) -> Iterator[FieldError]:
    """Yield everything that is wrong with a rule, each with its place."""
    if not isinstance(rule, Mapping):
        yield FieldError(at, "needs to be an object")
    elif depth > DEEPEST:
        yield FieldError(at, f"is nested more than {DEEPEST} deep")
    elif "fact" in rule:
        yield from _condition(rule, at)
    elif set(rule) == {"not"}:
        yield from wrong(rule["not"], f"{at}/not", depth + 1)
    elif set(rule) in ({"all"}, {"any"}):
        yield from _several(*next(iter(rule.items())), at, depth)
    else:
        yield FieldError(at, "needs exactly one of all, any, not, or a fact")


def conditions(rule: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every condition of a rule that is right."""
    if "fact" in rule:
        yield rule
    elif "not" in rule:
        yield from conditions(rule["not"])
    else:
        for inner in next(iter(rule.values())):
            yield from conditions(inner)


def is_day(value: Any) -> bool:
    """Tell whether a value is the text of a day."""
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None


def _several(word: str, rules: Any, at: str, depth: int) -> Iterator[FieldError]:
    if not isinstance(rules, list | tuple) or not 1 <= len(rules) <= WIDEST:
        yield FieldError(f"{at}/{word}", f"needs to be a list of 1 to {WIDEST} rules")
        return
    for index, rule in enumerate(rules):
        yield from wrong(rule, f"{at}/{word}/{index}", depth + 1)


def _condition(rule: Mapping[str, Any], at: str) -> Iterator[FieldError]:
    for extra in sorted(set(rule) - {"fact", "is", "value", "within_days"}, key=str):
        yield FieldError(f"{at}/{extra}", "is not part of a condition")
    fact, how = rule["fact"], rule.get("is")
    known = declared(fact) if isinstance(fact, str) else None
    if known is None:
        yield FieldError(f"{at}/fact", _unknown(fact))
    if how not in COMPARISONS:
        yield FieldError(f"{at}/is", f"needs to be one of {', '.join(COMPARISONS)}")
    elif why := _unfit(str(how), rule):
        yield FieldError(f"{at}/value", why)
    elif known and (why := _against(known, str(how), rule.get("value"))):
        yield FieldError(f"{at}/is", why)
    if "within_days" in rule:
        yield from _look_back(rule, known, at)


def _unknown(fact: Any) -> str:
    near = suggestions(fact) if isinstance(fact, str) else []
    told = f"is not a known fact; near: {', '.join(near)}" if near else "is not a known fact"
    return f"{told}; the list is in GET /v1/segments/facts of analytics"


def _unfit(how: str, rule: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the value for its comparison."""
    value = rule.get("value")
    if how in SINGLE:
        return "is not needed" if "value" in rule else None
    if how in ("in", "not_in"):
        fits = isinstance(value, list | tuple) and 1 <= len(value) <= LONGEST_LIST and all(map(_plain, value))
        return None if fits else "needs to be a list of texts or numbers"
    if how in NUMBERS:
        return None if _number(value) else "needs a number"
    if how in DAYS:
        return None if is_day(value) else "needs to be a day such as 2026-05-01"
    return None if _plain(value) else "needs to be a text, a number, true or false"


def _against(known: Declared, how: str, value: Any) -> str | None:
    """Return why a comparison makes no sense for a kind of fact."""
    if how in SINGLE or known.kind == "any":
        return None
    if how in NUMBERS and known.kind != "number":
        return f"compares numbers, and {known.path} is a {known.kind}"
    if how in DAYS:
        return f"compares days, and {known.path} is a {known.kind}"
    values = value if isinstance(value, list | tuple) else [value]
    return None if all(_fits(known, one) for one in values) else f"compares with another kind: {known.kind}"


def _fits(known: Declared, value: Any) -> bool:
    if known.kind == "number":
        return _number(value)
    return isinstance(value, bool) if known.kind == "truth" else isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _look_back(rule: Mapping[str, Any], known: Declared | None, at: str) -> Iterator[FieldError]:
    days = rule["within_days"]
    if known and not known.windowed:
        yield FieldError(f"{at}/within_days", f"can not be asked of {known.path}")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= LONGEST_WINDOW:
        yield FieldError(f"{at}/within_days", f"needs to be a number of days from 1 to {LONGEST_WINDOW}")
