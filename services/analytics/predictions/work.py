"""What the process of calculations does: by name, from plain inputs to a plain result."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from services.analytics.predictions.calibration import brier, deciles, skill
from services.analytics.predictions.fitting import NoFit, correlation, fit_bgnbd, fit_gammagamma
from services.analytics.predictions.history import History, customers
from services.analytics.predictions.survival import curve, median
from services.analytics.predictions.trend import ahead

Inputs = Mapping[str, Any]
Result = dict[str, Any]


def bgnbd(inputs: Inputs) -> Result:
    """Fit BG/NBD to compressed histories."""
    model, likelihood = fit_bgnbd(inputs["rows"])
    return {"parameters": asdict(model), "log_likelihood": likelihood, "n": customers(inputs["rows"])}


def gammagamma(inputs: Inputs) -> Result:
    """Fit Gamma-Gamma to (repeat purchases, mean value) rows."""
    rows = [row for row in inputs["rows"] if row[1] > 0]
    model, likelihood = fit_gammagamma(rows)
    told = {"parameters": asdict(model), "log_likelihood": likelihood, "n": len(rows)}
    return {**told, "correlation": correlation(rows), "mean_value": sum(row[1] for row in rows) / len(rows)}


def churn(inputs: Inputs) -> Result:
    """Fit BG/NBD before a holdout and compare its probabilities of silence with what happened then.

    `rows` are (frequency, recency, age, bought again, customers) at the start of the holdout.
    """
    rows, weeks = inputs["rows"], inputs["weeks"]
    model, likelihood = fit_bgnbd([[x, recency, age, n] for x, recency, age, _, n in rows])
    pairs, ruled = [], []
    for x, recency, age, bought, n in rows:
        gone = model.stays_away(History(x, recency, age), weeks)
        late = (age - recency) * 7 > inputs["limit_days"]
        pairs += [(gone, not bought)] * n
        ruled += [(float(late), not bought)] * n
    return {
        "parameters": asdict(model), "log_likelihood": likelihood, "n": len(pairs),
        "weeks": weeks, "limit_days": inputs["limit_days"], "median_gap": inputs["median_gap"],
        "calibration": [asdict(each) for each in deciles(pairs)],
        "brier": brier(pairs), "skill": skill(pairs), "brier_of_limit": brier(ruled),
    }  # fmt: skip


def trend(inputs: Inputs) -> Result:
    """Smooth the sums of periods and continue them."""
    known = [(str(period), int(value)) for period, value in inputs["series"]]
    return ahead(known, inputs["every"], inputs["periods"], inputs["probability"])


def survival(inputs: Inputs) -> Result:
    """Return the curve of agreements, and the mean rate at which they end.

    `daily_end_rate` is ended / days at risk: the maximum likelihood of a constant hazard.
    """
    rows = [(int(age), bool(over)) for age, over in inputs["rows"]]
    if not any(over for _, over in rows):
        raise NoFit(f"none of {len(rows)} agreements has ended yet")
    steps, days = curve(rows), sum(age for age, _ in rows)
    ended = sum(over for _, over in rows)
    return {
        "n": len(rows), "ended": ended, "median_days": median(steps),
        "daily_end_rate": ended / max(1, days), "curve": [asdict(step) for step in steps],
    }  # fmt: skip


WORK: Mapping[str, Callable[[Inputs], Result]] = {
    "bgnbd": bgnbd,
    "gammagamma": gammagamma,
    "churn": churn,
    "trend": trend,
    "survival": survival,
}
