"""Rules of segments as data: a small language of JSON, checked here, evaluated by whoever has the facts.

    {"all": [RULE, ...]}   {"any": [RULE, ...]}   {"not": RULE}
    {"fact": "behaviour.orders", "is": "at_least", "value": 2, "within_days": 90}

A fact is a path that begins with `demographics`, `behaviour` or `preferences`. `within_days` looks back from
the moment of the evaluation and belongs to behaviour only.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.errors import FieldError

FACT = re.compile(r"(demographics|behaviour|preferences)(\.[a-z][a-z0-9_]{0,40}){1,3}")
NUMBERS = ("at_least", "at_most", "more_than", "less_than")
COMPARISONS = ("equal", "not_equal", "in", "not_in", "known", "unknown", "before", "after", *NUMBERS)
DEEPEST, WIDEST = 6, 50


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


def _several(word: str, rules: Any, at: str, depth: int) -> Iterator[FieldError]:
    if not isinstance(rules, list | tuple) or not 1 <= len(rules) <= WIDEST:
        yield FieldError(f"{at}/{word}", f"needs to be a list of 1 to {WIDEST} rules")
        return
    for index, rule in enumerate(rules):
        yield from wrong(rule, f"{at}/{word}/{index}", depth + 1)


def _condition(rule: Mapping[str, Any], at: str) -> Iterator[FieldError]:
    fact, how = rule["fact"], rule.get("is")
    for extra in sorted(set(rule) - {"fact", "is", "value", "within_days"}):
        yield FieldError(f"{at}/{extra}", "is not part of a condition")
    if not isinstance(fact, str) or not FACT.fullmatch(fact):
        yield FieldError(f"{at}/fact", "needs to be a path below demographics, behaviour or preferences")
    if how not in COMPARISONS:
        yield FieldError(f"{at}/is", f"needs to be one of {', '.join(COMPARISONS)}")
    elif why := _unfit(str(how), rule):
        yield FieldError(f"{at}/value", why)
    if "within_days" in rule:
        yield from _look_back(rule, at)


def _unfit(how: str, rule: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the value for its comparison."""
    if how in ("known", "unknown"):
        return "is not needed" if "value" in rule else None
    value = rule.get("value")
    if how in ("in", "not_in"):
        fits = isinstance(value, list | tuple) and 1 <= len(value) <= 1_000 and all(map(_plain, value))
        return None if fits else "needs to be a list of texts or numbers"
    if how in NUMBERS:
        return None if isinstance(value, int | float) and not isinstance(value, bool) else "needs a number"
    if how in ("before", "after"):
        day = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
        return None if day else "needs to be a day such as 2026-05-01"
    return None if _plain(value) else "needs to be a text, a number, true or false"


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _look_back(rule: Mapping[str, Any], at: str) -> Iterator[FieldError]:
    days = rule["within_days"]
    if not str(rule["fact"]).startswith("behaviour."):
        yield FieldError(f"{at}/within_days", "belongs to facts of behaviour only")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 3_650:
        yield FieldError(f"{at}/within_days", "needs to be a number of days from 1 to 3650")
