"""Dates of files that have day and month, no year, and are in the order of time."""

from collections.abc import Callable
from datetime import date


def rolling_date(first_year: int) -> Callable[[int, int], str]:
    """Return a function of (day, month) that has to be called once per row, in file order.

    The year moves on whenever the month is smaller than that of the row before. Raises ValueError.
    """
    year, last = first_year, 1

    def roll(day: int, month: int) -> str:
        nonlocal year, last
        found = date(year + (month < last), month, day)
        year, last = found.year, month
        return found.isoformat()

    return roll
