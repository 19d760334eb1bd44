"""Recency, frequency and monetary value of the customers who ordered in a window. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.analytics.domain.quantiles import cuts, recency_score, score
from services.analytics.metrics.lives import days_between, last_order, orders, rows_in
from services.analytics.metrics.metric import Person, total
from services.analytics.metrics.question import Question

Basis = Literal["net", "gross"]
MEASURED = ("recency", "frequency", "monetary")


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


def scored(people: Sequence[Rfm]) -> dict[str, tuple[int, int, int]]:
    """Return the scores for R, F and M by root, each from 1 to 5; the most recent has R 5."""
    r, f, m = (cuts([getattr(p, name) for p in people]) for name in MEASURED)
    return {
        p.root: (recency_score(p.recency, r), score(p.frequency, f), score(p.monetary, m)) for p in people
    }
