"""The retention table: of those who first ordered in a month, how many order again in the months after it."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

from services.analytics.metrics.customers import BUYERS, PLACED
from services.analytics.metrics.lives import People, gained, orders
from services.analytics.metrics.metric import Figure, Metric, Person, ratio
from services.analytics.metrics.question import Question, month_number


def cohort_retention(people: People, question: Question) -> Figure:
    """Months with an order after the first / months after the first; each age's share as detail."""
    last = month_number(question.end.date()) - 1
    seen: Counter[int] = Counter()
    came: Counter[int] = Counter()
    new = [person for person in people if gained(person, question.window)]
    for person in new:
        months = _months(person)
        seen.update(range(last - months[0] + 1))
        came.update(month - months[0] for month in months if month <= last)
    shares = {f"month_{age:02}": Fraction(came[age], count) for age, count in sorted(seen.items())}
    later = seen.total() - seen[0]
    found = ratio(came.total() - came[0], later, "no new customer's month after the first is over", len(new))
    return replace(found, detail=shares)


def _months(person: Person) -> list[int]:
    return sorted({month_number(date.fromisoformat(row.day)) for row in orders(person)})


RETURNING_METRICS: tuple[Metric, ...] = (
    Metric(
        "cohort_retention", 1, "Retention by age",
        "people whose first order is in the window: months with an order after the month of the first / such"
        " months, of those over at the end; the detail holds the share of those who ordered at each age",
        "share", PLACED, replace(BUYERS, periods=False), cohort_retention,
        owner="marketing", group="value to the company", perspective="external",
        along="months after the first order",
    ),
)  # fmt: skip
