"""The dates to remember of a customer: birthday, anniversary, ends of agreements, days promised."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.analytics.views.latest import State

Dated = tuple[str, date, str | None]


def dates(view: State, birth_date: str | None, today: date) -> list[dict[str, Any]]:
    """Return what comes next, the nearest first: which kind, when, in how many days, and of what."""
    found = sorted(_coming(view, birth_date, today), key=lambda d: (d[1], d[0], d[2] or ""))
    return [
        {"kind": kind, "on": when.isoformat(), "in_days": (when - today).days, "of": of}
        for kind, when, of in found
    ]


def _coming(view: State, birth_date: str | None, today: date) -> Iterator[Dated]:
    if birth_date and (born := parsed(birth_date)):
        yield "birthday", next_time(born, today), None
    if first := view.get("orders", {}).get("first_at"):
        yield "first_order_anniversary", next_time(first.date(), today), None
    for number, agreement in view.get("agreements", {}).get("items", {}).items():
        if agreement["status"] != "ended" and agreement.get("ends_on"):
            yield "agreement_ends", date.fromisoformat(agreement["ends_on"]), number
    for number, promise in view.get("promises", {}).get("open", {}).items():
        yield "delivery_promised", date.fromisoformat(promise["promised_on"]), number


def parsed(text: str) -> date | None:
    """Return the day that a text tells, or None when it tells none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def next_time(day: date, today: date) -> date:
    """Return the next return of a day of the year, today included; 29 February returns on 28 February."""
    this_year = in_year(day, today.year)
    return this_year if this_year >= today else in_year(day, today.year + 1)


def in_year(day: date, year: int) -> date:
    """Return the day in a year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not leap else day.replace(year=year)
