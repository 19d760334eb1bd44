"""What customers are worth: historic and simple predictive lifetime value, and the equity of the base."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from services.analytics.metrics.customers import ALL, BUYERS, LAPSE, lapse_days, retention
from services.analytics.metrics.lives import People, active, rows_in
from services.analytics.metrics.metric import Figure, Metric, Person, ratio
from services.analytics.metrics.question import Question
from services.analytics.metrics.revenue import net

Valued = Callable[[Fraction, int], Figure]
WORTH = {**LAPSE, "margin": 1.0, "discount": 0.1}


def multiple(retained: Fraction, discount: Fraction) -> Fraction:
    """Return r / (1 + d - r): what a margin of one per period is worth over a customer's life.

    Gupta & Lehmann 2003; the acquisition cost of who is a customer already is 0.
    """
    return retained / (1 + discount - retained)


def historic(people: People, question: Question) -> Figure:
    """Net revenue ever, up to the end, times the margin, per customer."""
    worth = sum(net(person.rows) for person in people) * _share(question, "margin")
    return ratio(worth, len(people), "there is no customer yet")


def predictive(people: People, question: Question) -> Figure:
    """m r / (1 + d - r) per live customer: m and r are those of the window."""
    return _valued(people, question, _each)


def equity(people: People, question: Question) -> Figure:
    """Sum of the predictive lifetime values of the live customers."""
    return _valued(people, question, Figure)


def _each(worth: Fraction, live: int) -> Figure:
    return ratio(worth, live, "no customer is live at the end")


def _valued(people: People, question: Question, figure: Valued) -> Figure:
    kept = retention(people, question)
    if kept.value is None:
        return kept
    live, discount = _live(people, question), _share(question, "discount")
    if not discount and kept.value == 1:
        return Figure(None, len(live), reason="nobody was lost and nothing is discounted: it has no bound")
    times = multiple(Fraction(kept.value), discount)
    margin = sum(net(rows_in(p, question.window)) for p in live) * _share(question, "margin")
    found = figure(margin * times, len(live))
    detail = {"retention": float(kept.value), "multiple": float(times), "live": len(live)}
    applied = {"lapse_days": kept.detail["lapse_days"]}
    return Figure(found.value, found.n, found.numerator, found.denominator, found.reason, detail | applied)


def _live(people: People, question: Question) -> list[Person]:
    lapse = lapse_days(people, question) or 0
    return [person for person in people if active(person, question.end, lapse)]


def _share(question: Question, name: str) -> Fraction:
    return Fraction(str(question.parameters.get(name, WORTH[name])))


define = partial(
    Metric, source=BUYERS, owner="marketing", group="value to the company", perspective="external", money=True
)

WORTH_METRICS: tuple[Metric, ...] = (
    define("lifetime_value_historic", 1, "Lifetime value, historic",
           "net revenue up to the end x margin / customers ever", "money", ALL, measure=historic,
           parameters={"margin": 1.0}),
    define("lifetime_value", 1, "Lifetime value, simple predictive",
           "m r / (1 + d - r) per live customer; m the margin per live customer and r the retention in the "
           "window, d the discount per window", "money", ALL, measure=predictive, parameters=WORTH),
    define("customer_equity", 1, "Customer equity", "sum of the lifetime values of the live customers",
           "money", ALL, measure=equity, parameters=WORTH),
)  # fmt: skip
