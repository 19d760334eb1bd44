"""Whether a rule picks a customer at a moment, and when time alone will change the answer. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.segments.facts import Facts
from shared.segments.language import NUMBERS, conditions, is_day
from shared.segments.signals import Signal

Rule = Mapping[str, Any]
LATEST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`next` is the first moment after the one asked for at which the answer is another, all else equal."""

    member: bool
    next: datetime | None


def evaluate(rule: Rule, facts: Facts, at: datetime) -> Verdict:
    """Return whether the rule picks the customer at a moment, and until when that stays so."""
    today = day_of(at)
    member = holds(rule, facts, today)
    turns = sorted({day for day in _turns(rule, facts) if day > today})
    other = next((day for day in turns if holds(rule, facts, day) != member), None)
    return Verdict(member, midnight(other) if other is not None else None)


def holds(rule: Rule, facts: Facts, day: int) -> bool:
    """Tell whether the rule picks the customer on a day."""
    if "fact" in rule:
        return _compares(rule, _signal(rule, facts).value(day))
    if "not" in rule:
        return not holds(rule["not"], facts, day)
    word, inner = next(iter(rule.items()))
    return (all if word == "all" else any)(holds(one, facts, day) for one in inner)


def day_of(moment: datetime) -> int:
    """Return the ordinal of the day in UTC."""
    return moment.astimezone(UTC).date().toordinal()


def midnight(day: int) -> datetime:
    """Return the moment a day begins."""
    return datetime.combine(date.fromordinal(day), time(), UTC)


def _turns(rule: Rule, facts: Facts) -> Iterator[int]:
    for condition in conditions(rule):
        value = condition.get("value")
        several = value if isinstance(value, list | tuple) else [value]
        numbers = [one for one in several if isinstance(one, int | float) and abs(one) < LATEST]
        yield from (day for day in _signal(condition, facts).turns(numbers) if day < LATEST)


def _signal(condition: Rule, facts: Facts) -> Signal:
    return facts.signal(condition["fact"], condition.get("within_days"))


def _compares(condition: Rule, value: Any) -> bool:
    """An unknown value is unequal to everything, in no list, and neither above nor below anything."""
    how: str = condition["is"]
    wanted = condition.get("value")
    if how in ("known", "unknown"):
        return (value is not None) == (how == "known")
    if how in ("not_equal", "not_in"):
        return not _same(value, wanted)
    if how in ("equal", "in"):
        return _same(value, wanted)
    if how in NUMBERS:
        number = _decimal(value)
        return number is not None and _ORDER[how](number, Decimal(str(wanted)))
    return is_day(value) and _ORDER[how](value, wanted)


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "before": lambda value, wanted: value < wanted,
    "after": lambda value, wanted: value > wanted,
    "at_least": lambda value, wanted: value >= wanted,
    "at_most": lambda value, wanted: value <= wanted,
    "more_than": lambda value, wanted: value > wanted,
    "less_than": lambda value, wanted: value < wanted,
}


def _same(value: Any, wanted: Any) -> bool:
    return any(_equal(value, one) for one in (wanted if isinstance(wanted, list | tuple) else [wanted]))


def _equal(value: Any, wanted: Any) -> bool:
    if value is None or isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(wanted, str):
        return str(value).casefold() == wanted.casefold()
    return _decimal(value) == Decimal(str(wanted))


def _decimal(value: Any) -> Decimal | None:
    """Return the number that a value is or says, None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
