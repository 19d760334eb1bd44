"""Recency, frequency, monetary value and their scores (Blattberg, Kim & Neslin 2008, ch. 12). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.analytics.metrics.durations import quantile
from services.analytics.metrics.lives import days_between, last_order, orders, rows_in
from services.analytics.metrics.metric import Number, Person, total
from services.analytics.metrics.question import Question

Basis = Literal["net", "gross"]
SHARES = (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5))


@dataclass(frozen=True, slots=True)
class Rfm:
    """Recency in whole days from the last order to the end, frequency in orders, money in minor units."""

    root: str
    recency: int
    frequency: int
    monetary: int


def rfm_of(people: Iterable[Person], question: Question) -> list[Rfm]:
    """Return the RFM of who ordered in the window; refunds are deducted unless the basis is gross."""
    window = question.window
    gross = question.parameters.get("basis") == "gross"
    found = []
    for person in people:
        last = last_order(person, window.to)
        if last is None or not (mine := orders(person, window)):
            continue
        rows = rows_in(person, window)
        back = 0 if gross else total(rows, "returned") + total(rows, "cancelled")
        count, money = total(mine, "orders"), total(rows, "gross") - back
        found.append(Rfm(person.root, days_between(last, question.end), count, money))
    return found


def cuts(values: Sequence[int]) -> tuple[Fraction, ...]:
    """Return the 20, 40, 60 and 80 % points, interpolated linearly (Hyndman & Fan 1996, type 7)."""
    return tuple(quantile(values, share) for share in SHARES) if values else ()


def score(value: Number, points: Sequence[Fraction]) -> int:
    """Return the quintile of a value, from 1 to 5; equal values share a score."""
    return 1 + sum(value > point for point in points)


def scored(people: Sequence[Rfm]) -> dict[str, tuple[int, int, int]]:
    """Return the scores for R, F and M by root, each from 1 to 5; the most recent has R 5."""
    recency, frequency = cuts([p.recency for p in people]), cuts([p.frequency for p in people])
    monetary = cuts([p.monetary for p in people])
    return {
        p.root: (6 - score(p.recency, recency), score(p.frequency, frequency), score(p.monetary, monetary))
        for p in people
    }
