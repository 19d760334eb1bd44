"""What repeat-buying models know of a customer: how often, until when, and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

UNIT_DAYS = 7  # models count time in weeks


@dataclass(frozen=True, slots=True)
class History:
    """`frequency` days with a repeat purchase, `recency` the age at the last one, `age` now; in weeks."""

    frequency: int
    recency: float
    age: float


def history(days: Iterable[date], as_of: date) -> History | None:
    """Return the history up to and including `as_of`, one purchase per day; None before the first one.

    One purchase alone has frequency 0 and recency 0 (the definition of the BG/NBD literature).
    """
    bought = sorted({day for day in days if day <= as_of})
    if not bought:
        return None
    weeks = (bought[-1] - bought[0]).days / UNIT_DAYS, (as_of - bought[0]).days / UNIT_DAYS
    return History(len(bought) - 1, *weeks)


def gaps(days: Iterable[date]) -> list[int]:
    """Return the days between one day of purchase and the next."""
    bought = sorted(set(days))
    return [(later - sooner).days for sooner, later in pairwise(bought)]


def compressed(histories: Iterable[History]) -> list[tuple[int, float, float, int]]:
    """Return each distinct history once, with the number of customers that have it."""
    counts: dict[History, int] = {}
    for each in histories:
        counts[each] = counts.get(each, 0) + 1
    order = sorted(counts, key=lambda h: (h.frequency, h.recency, h.age))
    return [(h.frequency, h.recency, h.age, counts[h]) for h in order]


def customers(counted: Sequence[Sequence[float]]) -> int:
    """Return how many customers compressed histories stand for."""
    return int(sum(row[-1] for row in counted))
