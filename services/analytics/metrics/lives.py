"""What the lives of customers say: who was active when, who is new, how long between two orders. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from statistics import median

from services.analytics.metrics.metric import Person, Row
from services.analytics.metrics.question import Window, label_of
from services.analytics.views.facts import day_of

People = Sequence[Person]


def orders(person: Person, window: Window | None = None) -> list[Row]:
    """Return the rows of a customer's orders, in a window or ever, oldest first."""
    return [row for row in rows_in(person, window) if row.values.get("orders")]


def rows_in(person: Person, window: Window | None) -> Sequence[Row]:
    """Return what a customer did in a window, or ever."""
    if window is None:
        return person.rows
    first, end = day_of(window.since), _end(window.to)
    return [row for row in person.rows if first <= row.day < end]


def first_order(person: Person) -> str | None:
    """Return the day of the first order ever."""
    return next((row.day for row in person.rows if row.values.get("orders")), None)


def cohorts(people: Iterable[Person], period: str) -> dict[str, set[str]]:
    """Return the customers of every period in which one ordered first; who has not ordered is in none."""
    found: dict[str, set[str]] = {}
    for person in people:
        if day := first_order(person):
            label = label_of(datetime.fromisoformat(day), period)
            found.setdefault(label, set()).add(person.root)
    return found


def last_order(person: Person, before: datetime) -> str | None:
    """Return the day of the last order before a moment."""
    end = _end(before)
    return next((r.day for r in reversed(person.rows) if r.day < end and r.values.get("orders")), None)


def active(person: Person, at: datetime, lapse_days: int) -> bool:
    """Tell whether the last order before a moment was at most so many days ago."""
    last = last_order(person, at)
    return last is not None and days_between(last, at) <= lapse_days


def gained(person: Person, window: Window) -> bool:
    """Tell whether the first order ever is in the window."""
    first = first_order(person)
    return first is not None and day_of(window.since) <= first < _end(window.to)


def days_between(day: str, moment: datetime) -> int:
    """Return the whole days from a day to the day of a moment."""
    return (moment.date() - date.fromisoformat(day)).days


def lapse_of(people: Iterable[Person]) -> int | None:
    """Return the days after which a customer counts as lost: twice the median gap between two orders.

    None when nobody has ordered on two days.
    """
    gaps = [gap for person in people for gap in _gaps(person)]
    return max(1, int(2 * Fraction(median(gaps)))) if gaps else None


def _gaps(person: Person) -> Iterator[int]:
    days = sorted({row.day for row in orders(person)})
    for one, two in pairwise(days):
        yield (date.fromisoformat(two) - date.fromisoformat(one)).days


def _end(moment: datetime) -> str:
    """Return the first day that is not before a moment: what happened on an edge day has been cut already."""
    whole = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    return day_of(moment) if whole else f"{day_of(moment)}~"
