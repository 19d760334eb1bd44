"""Sales ahead from sales so far: exponential smoothing with trend and, given two years, with season.

Holt-Winters in its state space form, which gives intervals: R. J. Hyndman, A. B. Koehler, J. K. Ord,
R. D. Snyder (2008): Forecasting with Exponential Smoothing; ETS(A,Ad,N) and ETS(A,Ad,A) of statsmodels.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

Every = Literal["week", "month"]
SEASON: Mapping[str, int] = {"week": 52, "month": 12}
COLUMNS = ["mean", "pi_lower", "pi_upper"]
LEAST = 8  # periods; fewer do not tell a trend from chance


class TooLittle(Exception):
    """There are not enough periods; the text says how many there are and how many are needed."""


def period_of(day: date, every: Every) -> date:
    """Return the first day of the week (a Monday) or month that a day is in."""
    return day - timedelta(days=day.weekday()) if every == "week" else day.replace(day=1)


def following(first: date, every: Every) -> date:
    """Return the first day of the next period."""
    return first + timedelta(days=7) if every == "week" else (first + timedelta(days=31)).replace(day=1)


def series(sums: Mapping[date, int], until: date, every: Every) -> list[tuple[str, int]]:
    """Return the sum of every whole period before the one that `until` is in, empty ones as 0."""
    totals: dict[date, int] = {}
    for day, value in sums.items():
        first = period_of(day, every)
        totals[first] = totals.get(first, 0) + value
    if not totals:
        return []
    found, period = [], min(totals)
    while period < period_of(until, every):
        found.append((period.isoformat(), totals.get(period, 0)))
        period = following(period, every)
    return found


def ahead(known: list[tuple[str, int]], every: Every, periods: int, probability: float) -> dict[str, Any]:
    """Return the next periods and the smoothing they come from. Raises TooLittle."""
    if len(known) < LEAST:
        raise TooLittle(f"{len(known)} whole {every}s of sales are known; {LEAST} are needed")
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    seasonal = len(known) >= 2 * SEASON[every]
    values = pd.Series([float(value) for _, value in known])
    scale = float(values.abs().max()) or 1.0
    shape = {"seasonal": "add", "seasonal_periods": SEASON[every]} if seasonal else {}
    fitted = ETSModel(values / scale, error="add", trend="add", damped_trend=True, **shape).fit(disp=False)
    end = len(known) + periods - 1
    told = fitted.get_prediction(start=len(known), end=end).summary_frame(alpha=1 - probability) * scale
    return {
        "n": len(known), "seasonal": seasonal, "probability": probability, "every": every,
        "parameters": dict(zip(fitted.param_names, map(float, fitted.params), strict=True)),
        "log_likelihood": float(fitted.llf),
        "ahead": _named(date.fromisoformat(known[-1][0]), every, told[COLUMNS].values),
    }  # fmt: skip


def _named(last: date, every: Every, rows: Any) -> list[dict[str, Any]]:
    found = []
    for expected, low, high in rows:
        last = following(last, every)
        found.append(
            {"period": last.isoformat(), "expected": round(expected), "low": round(low), "high": round(high)}
        )
    return found
