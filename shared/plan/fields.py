"""The values a field takes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from shared.errors import FieldError, Invalid
from shared.vocabulary import admitted

FieldType = Literal["text", "number", "date", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field takes; `codes` are the terms of its vocabulary that may be used in new facts.

    A value is kept for `retention_days`, None for as long as the record. A `personal` one is sealed.
    """

    type: FieldType
    mandatory: bool = False
    codes: tuple[str, ...] | None = None
    retention_days: int | None = None
    personal: bool = True

    def keep_until(self, at: datetime) -> datetime | None:
        """Return when a value told at this moment is removed, None for never."""
        return None if self.retention_days is None else at + timedelta(days=self.retention_days)


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
