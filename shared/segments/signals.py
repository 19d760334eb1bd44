"""What a fact is on any day: a value, and the days on which time alone can change it. Pure.

A day is an ordinal of the calendar in UTC (`date.toordinal`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import Any, Protocol

EVER = 1  # before every day there is


class Signal(Protocol):
    """A fact over the days."""

    def value(self, day: int) -> Any:
        """Return the value on a day; None while nothing is known."""
        ...

    def turns(self, thresholds: Sequence[Any]) -> Iterable[int]:
        """Return the days on which the comparison with these values may come out otherwise than before."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that time does not change."""

    known: Any

    def value(self, day: int) -> Any:  # noqa: ARG002 part of the port
        """Return the value."""
        return self.known

    def turns(self, thresholds: Sequence[Any]) -> Iterable[int]:  # noqa: ARG002 part of the port
        """Return no day."""
        return ()


NOTHING = Constant(None)


@dataclass(frozen=True)
class Window:
    """A sum over the last `width` days, or over all of them; `before` is what no window reaches any more."""

    amounts: Mapping[int, int]
    width: int | None = None
    digits: int = 0
    before: int = 0
    _days: list[int] = field(init=False)
    _sums: list[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_days", sorted(self.amounts))
        sums = accumulate((self.amounts[day] for day in self._days), initial=0)
        object.__setattr__(self, "_sums", list(sums))

    def value(self, day: int) -> Decimal:
        """Return the sum over the days up to `day` that the window holds."""
        begin = EVER if self.width is None else day - self.width + 1
        upto, since = bisect_right(self._days, day), bisect_right(self._days, begin - 1)
        total = self._sums[upto] - self._sums[since] + (self.before if self.width is None else 0)
        return Decimal(total).scaleb(-self.digits)

    def turns(self, thresholds: Sequence[Any]) -> Iterator[int]:  # noqa: ARG002 part of the port
        """Yield the days on which something comes into the window or leaves it."""
        for day in self._days:
            yield day
            if self.width is not None:
                yield day + self.width


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whole days since the first or the last of some days."""

    days: Sequence[int]
    first: bool = False

    def value(self, day: int) -> int | None:
        """Return how many days ago it was; None while it lies ahead."""
        past = [one for one in self.days if one <= day]
        return day - (past[0] if self.first else past[-1]) if past else None

    def turns(self, thresholds: Sequence[Any]) -> Iterator[int]:
        """Yield the days themselves, and those on which the count reaches and passes a threshold."""
        for day in self.days:
            yield day
            for number in thresholds:
                yield day + int(number)
                yield day + int(number) + 1


@dataclass(frozen=True, slots=True)
class Steps:
    """A value that changes on known days: (day, value from that day on), in order."""

    steps: Sequence[tuple[int, Any]]

    def value(self, day: int) -> Any:
        """Return the value of the last step up to a day."""
        return next((value for since, value in reversed(self.steps) if since <= day), None)

    def turns(self, thresholds: Sequence[Any]) -> Iterator[int]:  # noqa: ARG002 part of the port
        """Yield the days of the steps."""
        for since, _ in self.steps:
            yield since
