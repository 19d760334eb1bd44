"""The values a field of the profile takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from shared.errors import FieldError, Invalid
from shared.vocabulary import admitted

FieldType = Literal["text", "number", "date", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field takes; `codes` are the terms of its vocabulary that may be used in new facts."""

    type: FieldType
    mandatory: bool = False
    codes: tuple[str, ...] | None = None


# What every contact may have, declared or not.
STANDARD: dict[str, Rule] = {
    "given_name": Rule("text"),
    "family_name": Rule("text"),
    "name": Rule("text"),
    "country": Rule("text"),
    "birth_date": Rule("date"),
}


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_date(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


TAKES: dict[str, tuple[Callable[[str], bool], str]] = {
    "text": (lambda _: True, ""),
    "number": (_is_number, "is not a number such as 12.5"),
    "date": (_is_date, "is not a date such as 2026-05-01"),
    "flag": (lambda value: value in ("true", "false"), "is neither true nor false"),
    "choice": (lambda _: True, ""),
}


def admit(rule: Rule | None, value: str, at: str = "") -> None:
    """Refuse a field that is not declared and a value it does not take. Raises Invalid."""
    if rule is None:
        raise Invalid(FieldError(at or "/field", "is not declared in the collection plan"))
    if not value:
        if rule.mandatory:
            raise Invalid(FieldError(at or "/to", "is mandatory"))
        return
    takes, why = TAKES[rule.type]
    if not takes(value):
        raise Invalid(FieldError(at or "/to", why))
    admitted(rule.codes, value, at or "/to")
