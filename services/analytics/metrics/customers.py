"""Customers as a base: who comes, who stays, who leaves, how often they buy (distinct people)."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from statistics import median

from services.analytics.domain.quantiles import cuts
from services.analytics.metrics.lives import (
    People,
    active,
    days_between,
    first_order,
    gained,
    lapse_of,
    orders,
    rows_in,
)
from services.analytics.metrics.metric import Figure, Metric, Person, ratio, total
from services.analytics.metrics.question import Question
from services.analytics.metrics.rfm import Rfm, rfm_of
from services.analytics.metrics.sources import People as Customers
from services.analytics.views.facts_cells import TYPES_OF

BUYERS = Customers("order", ("channel", "country", "campaign", "category", "currency"))
PLACED, ALL = TYPES_OF["order"][:1], TYPES_OF["order"]
NOBODY = "nobody ordered in the window"
LAPSE = {"lapse_days": 0}


def _buyers(people: People, question: Question) -> list[Person]:
    return [person for person in people if orders(person, question.window)]


def customers(people: People, question: Question) -> Figure:
    """Number of customers with an order in the window."""
    count = len(_buyers(people, question))
    return Figure(count, count)


def new_customers(people: People, question: Question) -> Figure:
    """Number of customers whose first order ever is in the window."""
    count = sum(gained(person, question.window) for person in people)
    return Figure(count, count)


def repeat_rate(people: People, question: Question) -> Figure:
    """Customers with two orders or more / customers with one or more."""
    counts = [total(orders(person, question.window), "orders") for person in people]
    return ratio(sum(c >= 2 for c in counts), sum(c >= 1 for c in counts), NOBODY)


def lapse_days(people: People, question: Question) -> int | None:
    """Return the days without an order after which a customer is lost: as asked, else as the orders say."""
    asked: int = question.parameters.get("lapse_days", 0)
    return asked or lapse_of(people)


def _base(people: People, question: Question) -> tuple[set[str], set[str], int] | None:
    """Return who was active at the start and at the end of the window, and the days that decide it."""
    lapse, window = lapse_days(people, question), question.window
    if lapse is None:
        return None
    start = {p.root for p in people if active(p, window.since, lapse)}
    return start, {p.root for p in people if active(p, question.end, lapse)}, lapse


def retention(people: People, question: Question) -> Figure:
    """(E - N) / S: of the customers at the start those still active at the end."""
    return _of_start(people, question, lambda start, end: len(start & end))


def churn(people: People, question: Question) -> Figure:
    """Of the customers at the start those lost by the end / S = 1 - retention."""
    return _of_start(people, question, lambda start, end: len(start - end))


def _of_start(people: People, question: Question, count: Callable[[set[str], set[str]], int]) -> Figure:
    base = _base(people, question)
    if base is None:
        return Figure(None, 0, reason="no customer has ordered on two days, so no gap tells who is lost")
    start, end, lapse = base
    found = ratio(count(start, end), len(start), "no customer was active at the start of the window")
    detail = {"lapse_days": lapse, "start": len(start), "end": len(end), "gained": len(end - start)}
    return Figure(found.value, found.n, found.numerator, found.denominator, found.reason, detail)


def tenure(people: People, question: Question) -> Figure:
    """Median days from the first order to the end, of customers who ordered in the window."""
    firsts = [first for person in _buyers(people, question) if (first := first_order(person))]
    return spread([days_between(first, question.end) for first in firsts], NOBODY)


def spread(values: list[int], nothing: str) -> Figure:
    """Return the median of values, with the mean and the 20, 40, 60 and 80 % points."""
    if not values:
        return Figure(None, 0, reason=nothing)
    middle, mean = Fraction(median(values)), Fraction(sum(values), len(values))
    points = dict(zip(("p20", "p40", "p60", "p80"), cuts(values), strict=True))
    return Figure(middle, len(values), detail={"median": middle, "mean": mean, **points})


def _rfm(pick: Callable[[Rfm], int]) -> Callable[[People, Question], Figure]:
    def measure(people: People, question: Question) -> Figure:
        return spread([pick(found) for found in rfm_of(people, question)], NOBODY)

    return measure


def cross_sell(people: People, question: Question) -> Figure:
    """Customers who bought of two categories or more / customers who bought of any."""
    bought = [
        {name for row in orders(person, question.window) for name in row.parts if name} for person in people
    ]
    nothing = "no order in the window names a category"
    return ratio(sum(len(b) >= 2 for b in bought), sum(len(b) >= 1 for b in bought), nothing)


def up_sell(people: People, question: Question) -> Figure:
    """Value of purchases above the unit price the customer first paid in their category."""
    above = [value for person in people for value in _above_first(person, question)]
    return Figure(sum(above, Fraction()), len(above))


def _above_first(person: Person, question: Question) -> list[Fraction]:
    first: dict[str, Fraction] = {}
    found, inside = [], {id(row) for row in rows_in(person, question.window)}
    for row in orders(person):
        for category, values in row.parts.items():
            units = values.get("gross_units", 0)
            price = Fraction(values["gross"], units) if units else Fraction()
            paid = first.setdefault(category, price)
            if category and price > paid and id(row) in inside:
                found.append((price - paid) * units)
    return found


define = partial(
    Metric, source=BUYERS, owner="marketing", group="value to the company", perspective="external"
)

CUSTOMER_METRICS: tuple[Metric, ...] = (
    define("customers", 1, "Customers", "people with an order in the window", "count", PLACED,
           measure=customers),
    define("new_customers", 1, "New customers", "people whose first order is in the window", "count", PLACED,
           measure=new_customers),
    define("repeat_rate", 1, "Repeat rate", "people with 2 orders or more / people with 1 or more", "share",
           PLACED, measure=repeat_rate),
    define("retention", 1, "Retention",
           "(E - N) / S; S active at the start, E at the end, N of E not in S; active is who ordered within "
           "the last lapse_days (0: twice the median gap between two orders)",
           "share", PLACED, measure=retention, parameters=LAPSE),
    define("churn", 1, "Churn without contract",
           "customers of S lost / S = 1 - retention; lost is who has not ordered for lapse_days at the end "
           "(0: twice the median gap between two orders); who is gained in the window does not count",
           "share", PLACED, measure=churn, parameters=LAPSE),
    define("tenure", 1, "Tenure", "median days from the first order to the end, of people who ordered",
           "days", PLACED, measure=tenure),
    define("recency", 1, "Recency (R)", "median of the whole days from the last order to the end",
           "days", PLACED, measure=_rfm(lambda p: p.recency)),
    define("frequency", 1, "Frequency (F)", "median of the orders per person in the window", "count", PLACED,
           measure=_rfm(lambda p: p.frequency)),
    define("monetary", 1, "Monetary value (M)",
           "median of the net revenue per person in the window; basis=gross leaves returns out", "money", ALL,
           measure=_rfm(lambda p: p.monetary), parameters={"basis": "net"}, money=True),
    define("cross_sell", 1, "Cross-sell ratio", "people who bought of 2 categories or more / of any",
           "share", PLACED, measure=cross_sell),
    define("up_sell", 1, "Up-sell value",
           "sum over purchases of (unit price - unit price first paid in the category) x units, if above 0",
           "money", PLACED, measure=up_sell, money=True),
)  # fmt: skip
