"""The forecast of what will be won, and how good forecasts were."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from services.analytics.metrics.closings import CLOSING, DIMS, STATUS, closing, closings, dims_of
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, total
from services.analytics.metrics.openings import MOVES
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import within
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_sales import DEAL
from shared.project.entry import Until

LIKELY = (*MOVES, "ProbabilityOverridden")
INPUTS = (
    *LIKELY, *STATUS, "OpportunityAmountChanged", "ExpectedCloseChanged", "ForecastCategoryChanged",
    "OpportunityOwnerChanged",
)  # fmt: skip
Rows = Sequence[Row]


def probability(deal: Entity) -> int:
    """Return the probability in force, in percent: the last stage's, or what somebody knew better (S-7)."""
    last = deal.last(*LIKELY)
    said = last.data if last else {}
    return int(said.get("probability_to", said.get("probability", 0)))


def expected_on(deal: Entity) -> date | None:
    """Return the day on which the deal is to close, as said last."""
    said = [f.data.get("to_date") or f.data.get("expected_close_on") for f in deal.facts]
    known = [str(day) for day in said if day]
    return date.fromisoformat(known[-1][:10]) if known else None


def forecast(deal: Entity, question: Question) -> Iterator[Row]:
    """Yield what was won in the window, and what an open deal that is to close in it is worth by now.

    A deal of the forecast category `omitted` is left out. `weighted` is in minor units times percent.
    """
    if closing(deal):
        yield from (row for row in closings(deal, question) if row.values.get("won"))
        return
    day, changed = expected_on(deal), deal.last("ForecastCategoryChanged")
    if day is None or not _in(day, question.window) or (changed and changed.data["category"] == "omitted"):
        return
    money = _amount(deal)
    dims = {**dims_of(deal), "currency": money["currency"] if money else ""}
    amount = money["amount"] if money else 0
    values = {"open": 1, "open_value": amount, "weighted": amount * probability(deal)}
    yield Row(day.isoformat(), dims, values, deal.customer)


def _in(day: date, window: Window) -> bool:
    return day_of(window.since) <= day.isoformat() < day_of(window.to)


def _amount(deal: Entity) -> dict[str, Any] | None:
    said = [f.data.get("to_amount") or f.data.get("amount") for f in deal.facts]
    return next((money for money in reversed(said) if money), None)


def weighted(rows: Rows, _: Question) -> Figure:
    """Won + sum of amount x probability."""
    won, open_ = total(rows, "won_value"), Fraction(total(rows, "weighted"), 100)
    detail = {"won": won, "open": total(rows, "open_value"), "weighted": open_}
    return Figure(won + open_, len(rows), detail=detail)


def judged(deal: Entity, question: Question) -> Iterator[Row]:
    """Yield what was forecast for the window when it began, by what was known then, and what was won."""
    start = question.window.since
    before = within(deal, Until(start, start))
    for row in forecast(before, question) if before.facts else ():
        yield Row(row.day, row.dims, {"forecast": row.values.get("weighted", 0)}, row.customer)
    yield from (row for row in closings(deal, question) if row.values.get("won"))


def accuracy(rows: Rows, _: Question) -> Figure:
    """1 - |F - A| / A."""
    foreseen, actual = _both(rows)
    found = ratio(abs(foreseen - actual), actual, "nothing was won in the window", len(rows))
    value = None if found.value is None else 1 - found.value
    return Figure(value, found.n, foreseen, actual, found.reason)


def bias(rows: Rows, _: Question) -> Figure:
    """(F - A) / A."""
    foreseen, actual = _both(rows)
    found = ratio(foreseen - actual, actual, "nothing was won in the window", len(rows))
    return Figure(found.value, found.n, foreseen, actual, found.reason)


def _both(rows: Rows) -> tuple[Fraction, int]:
    return Fraction(total(rows, "forecast"), 100), total(rows, "won_value")


FORECAST = Entities(DEAL, ("expected", CLOSING[0]), forecast, DIMS)
JUDGED = Entities(DEAL, ("expected", CLOSING[0]), judged, DIMS, periods=False)
define = partial(Metric, inputs=INPUTS, owner="sales", group="value to the company", money=True)

FORECAST_METRICS: tuple[Metric, ...] = (
    define("weighted_forecast", 1, "Weighted forecast",
           "won in the window + sum of amount x probability of open deals that are to close in it, each with "
           "the probability in force at as_of; deals of category omitted are left out",
           "money", source=FORECAST, measure=weighted),
    define("forecast_accuracy", 1, "Forecast accuracy",
           "1 - |F - A| / A; F the forecast for the window as known when it began, A what was won in it",
           "share", source=JUDGED, measure=accuracy),
    define("forecast_bias", 1, "Forecast bias", "(F - A) / A; positive when too much was expected", "ratio",
           source=JUDGED, measure=bias),
)  # fmt: skip
