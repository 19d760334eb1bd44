"""A report with its answers filled in: what every format is rendered from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.events.clock import rfc3339
from shared.values import MINOR_DIGITS

NOT_AVAILABLE = "not available"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `unit` is `text`, `count`, `share`, `days`, `seconds`, `number` or a currency.

    A `cell` belongs to a table whose columns go on with each other, such as months: it may be empty.
    """

    name: str
    unit: str = "text"
    cell: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.unit != "text"

    def shown(self, value: Any) -> str:
        """Return a value of the column as people read it."""
        return "" if self.cell and value is None else shown(value, self.unit)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: rows of values, each None when it is not available, and how they came about."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the page: words, or an answer to be shown as a value, a table or a chart."""

    kind: str
    text: str = ""
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report, of `teams` alone if there are any. Equal pages give equal files (row 108).

    The positions it was read at are told beside it, not in it: they move on while what is known at a moment
    stays.
    """

    title: str
    template: str
    version: int
    as_of: datetime
    known_at: datetime
    parts: tuple[Part, ...]
    teams: tuple[str, ...] = ()

    @property
    def clocks(self) -> str:
        """Tell the two clocks."""
        return f"as of {rfc3339(self.as_of)}, as known at {rfc3339(self.known_at)}"

    @property
    def origin(self) -> str:
        """Tell which version of which template this is, and the limit."""
        return f"{self.template}, version {self.version}{limit_of(self.teams)}"


def limit_of(teams: Sequence[str]) -> str:
    """Return what is said beside numbers of teams alone."""
    return f", limited to {', '.join(teams)}" if teams else ""


def shown(value: Any, unit: str) -> str:
    """Return a value as people read it: `12.5 %`, `1,234.50 GBP`, `3.2 days`."""
    if value is None:
        return NOT_AVAILABLE
    if unit == "text":
        return rfc3339(value) if isinstance(value, datetime) else str(value)
    number = Decimal(str(value))
    if unit == "share":
        return f"{_rounded(number * 100, 1)} %"
    if unit == "count":
        return f"{number:,.0f}"
    if unit.isupper() and len(unit) == 3:
        digits = MINOR_DIGITS.get(unit, 2)
        return f"{_rounded(number.scaleb(-digits), digits)} {unit}"
    plain = _rounded(number, 0 if number == number.to_integral_value() else 2)
    return plain if unit == "number" else f"{plain} {unit}"


def _rounded(number: Decimal, digits: int) -> str:
    return f"{number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,f}"
