"""What the models are fitted to, from the views: plain inputs for the process of calculations. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.analytics.predictions.churn import silence
from services.analytics.predictions.history import UNIT_DAYS, compressed, gaps, history
from services.analytics.predictions.process import NoResult
from services.analytics.predictions.trend import Every, series
from services.analytics.views.facts import Entity, entity_of

View = Mapping[str, Any]
Inputs = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a fit is asked for; `weeks` is the holdout of a calibration, `periods` how far a trend goes on."""

    as_of: date
    currency: str | None = None
    weeks: int = 12
    every: Every = "week"
    periods: int = 8
    probability: float = 0.8


def bought(view: View, until: date) -> list[date]:
    """Return the days with an order that stands, up to and including a day."""
    days = (date.fromisoformat(day) for day, known in view["days"].items() if known["orders"] > 0)
    return sorted(day for day in days if day <= until)


def repeat_value(view: View, until: date, currency: str) -> tuple[int, float]:
    """Return the number of repeat purchase days in a currency and their mean value in minor units."""
    days = bought(view, until)[1:]
    values = [view["days"][day.isoformat()]["value"].get(currency) for day in days]
    known = [value for value in values if value is not None]
    return (len(known), sum(known) / len(known)) if known else (0, 0.0)


def leading_currency(views: Iterable[View]) -> str:
    """Return the currency of most days of purchase. Raises NoResult when there are none."""
    counts: Counter[str] = Counter(
        c for view in views for known in view["days"].values() for c in known["value"]
    )
    if not counts:
        raise NoResult("nobody has bought anything yet")
    return max(counts, key=lambda currency: (counts[currency], currency))


def histories(views: Iterable[View], wanted: Wanted) -> Inputs:
    """Return the compressed histories of all customers (BG/NBD)."""
    known = (history(bought(view, wanted.as_of), wanted.as_of) for view in views)
    return {"rows": compressed(each for each in known if each)}


def values(views: Iterable[View], wanted: Wanted) -> Inputs:
    """Return repeat purchases and their mean value of every customer who has some (Gamma-Gamma)."""
    seen = list(views)
    currency = wanted.currency or leading_currency(seen)
    rows = (repeat_value(view, wanted.as_of, currency) for view in seen)
    return {"rows": [row for row in rows if row[0]], "currency": currency}


def holdout(views: Iterable[View], wanted: Wanted) -> Inputs:
    """Return the histories at the start of the holdout, with who bought in it. Raises NoResult."""
    start = wanted.as_of - timedelta(days=wanted.weeks * UNIT_DAYS)
    rows: Counter[tuple[int, float, float, bool]] = Counter()
    between: list[int] = []
    for view in views:
        days = bought(view, wanted.as_of)
        known = history(days, start)
        if known:
            again = days[-1] > start
            rows[(known.frequency, known.recency, known.age, again)] += 1
            between += gaps(day for day in days if day <= start)
    limit = silence(between)
    if limit is None:
        raise NoResult(f"nobody had bought twice by {start}, where the holdout begins")
    counted = [(*row, n) for row, n in sorted(rows.items())]
    return {
        "rows": counted,
        "weeks": wanted.weeks,
        "limit_days": limit.limit_days,
        "median_gap": limit.median_gap,
    }


def sold(cells: Iterable[View], wanted: Wanted) -> Inputs:
    """Return the net sales of every whole week or month (trend)."""
    found = [
        (date.fromisoformat(cell["day"]), cell["dims"]["currency"], _net(cell["values"]))
        for cell in cells
        if cell["kind"] == "order"
    ]
    currency, sums = wanted.currency or _largest(found), Counter[date]()
    for day, booked, net in found:
        if booked == currency and day <= wanted.as_of:
            sums[day] += net
    told = {"every": wanted.every, "periods": wanted.periods, "probability": wanted.probability}
    return {"series": series(sums, wanted.as_of, wanted.every), "currency": currency, **told}


def _net(values: Mapping[str, int]) -> int:
    return values.get("gross", 0) - values.get("returned", 0) - values.get("cancelled", 0)


def _largest(booked: Iterable[tuple[date, str, int]]) -> str:
    sums: Counter[str] = Counter()
    for _, currency, net in booked:
        sums[currency] += net
    if not sums:
        raise NoResult("nothing has been sold yet")
    return max(sums, key=lambda currency: (sums[currency], currency))


def lives(agreements: Iterable[View], wanted: Wanted) -> Inputs:
    """Return the age in days of each agreement and whether it had ended, as of a day (survival)."""
    known = (life(entity_of(view), wanted.as_of) for view in agreements)
    return {"rows": [each for each in known if each]}


def life(agreement: Entity, as_of: date) -> tuple[int, bool] | None:
    """Return how many days an agreement had lasted, and whether it was over; None before it began."""
    started, ended = agreement.first("AgreementStarted"), agreement.last("AgreementEnded")
    if started is None or started.at.date() > as_of:
        return None
    over = ended is not None and ended.at.date() <= as_of
    until = ended.at.date() if ended and over else as_of
    return (until - started.at.date()).days, over
