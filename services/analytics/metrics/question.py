"""What is asked of a metric: a window, two clocks, a scope, and how to split the answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.days import DAY
from shared.errors import FieldError, Invalid
from shared.project.entry import Until

PERIODS = ("day", "week", "month", "quarter", "year")
MOST_POINTS = 2_000
COHORTS = {"cohort": "month", "cohort_quarter": "quarter", "cohort_year": "year"}
GROUPS = ("segment", "segment_version", *COHORTS)
PERSONAL = (*GROUPS, "customer")
TEAM = "team"


@dataclass(frozen=True, slots=True)
class Window:
    """From `since`, included, to `to`, excluded."""

    since: datetime
    to: datetime

    @property
    def days(self) -> float:
        """The length in days."""
        return (self.to - self.since) / DAY

    def split(self, period: str) -> Iterator[tuple[str, "Window"]]:
        """Yield the calendar periods of UTC in the window, each with its label, cut to the window."""
        start, count = _floor(self.since, period), 0
        while start < self.to:
            if (count := count + 1) > MOST_POINTS:
                raise Invalid(FieldError("?by", f"gives more than {MOST_POINTS} points in this window"))
            after = _floor(start + _LONGER[period], period)
            yield label_of(start, period), Window(max(start, self.since), min(after, self.to))
            start = after


EVER = Window(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))

# Longer than the period and shorter than two, so that the floor of the sum begins the next one.
_LONGER = {
    "day": DAY, "week": timedelta(days=7), "month": timedelta(days=32), "quarter": timedelta(days=93),
    "year": timedelta(days=366),
}  # fmt: skip


def _floor(moment: datetime, period: str) -> datetime:
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case "week":
            return day - day.weekday() * DAY
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def label_of(moment: datetime, period: str) -> str:
    """Return the label of the period a moment is in: 2011-06-01, 2011-W22, 2011-06, 2011-Q2, 2011."""
    match period:
        case "week":
            year, week, _ = moment.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{moment:%Y-%m}"
        case "quarter":
            return f"{moment.year}-Q{(moment.month - 1) // 3 + 1}"
        case "year":
            return f"{moment.year:04}"
        case _:
            return f"{moment:%Y-%m-%d}"


def month_number(day: date) -> int:
    """Return the number of a day's month, one more for every month: the months between two days follow."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom the question is about: `company`, or a dimension and its value, such as `country:France`."""

    dimension: str = "company"
    value: str = ""

    def __str__(self) -> str:
        return self.dimension if self.dimension == "company" else f"{self.dimension}:{self.value}"

    @property
    def personal(self) -> bool:
        """Whether it is a matter of who the customers are."""
        return self.dimension in PERSONAL


def scope_of(text: str) -> Scope:
    """Return the scope of `company` or `<dimension>:<value>`. Raises Invalid."""
    dimension, colon, value = text.partition(":")
    if (dimension == "company") == bool(colon) or (colon and not value):
        raise Invalid(FieldError("?scope", "is company or <dimension>:<value>, such as country:France"))
    return Scope(dimension, value)


@dataclass(frozen=True, slots=True)
class Question:
    """A metric's arguments; `by` is a period or a dimension, `parameters` are the metric's own.

    `teams` limit the answer to what is theirs, whatever the scope; none is no limit.
    """

    window: Window
    until: Until = field(default_factory=Until)
    scope: Scope = field(default_factory=Scope)
    by: str | None = None
    currency: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    teams: tuple[str, ...] = ()

    def admits(self, dims: Mapping[str, str]) -> bool:
        """Return whether what has these dimensions is within the limit."""
        return not self.teams or dims.get(TEAM) in self.teams

    @property
    def end(self) -> datetime:
        """The first moment that no longer counts: the window's end, or just after `as_of`."""
        as_of = self.until.as_of
        return min(self.window.to, as_of + timedelta(microseconds=1)) if as_of else self.window.to

    def within(self, window: Window) -> "Question":
        """Return the same question of another window."""
        return replace(self, window=window)
