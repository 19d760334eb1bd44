"""Scores of one customer: a pure function of the fitted models, the customer's purchases and a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from services.analytics.predictions.bgnbd import Bgnbd
from services.analytics.predictions.churn import Silence, reasons
from services.analytics.predictions.clv import discounted
from services.analytics.predictions.facts import View, bought, life, repeat_value
from services.analytics.predictions.gammagamma import GammaGamma
from services.analytics.predictions.history import History, gaps, history
from services.analytics.predictions.models import Fitted, named
from services.analytics.predictions.survival import Step, ends_within
from services.analytics.views.facts import Entity

Score = dict[str, Any]
NOT_FITTED = "the model has not been fitted yet"


@dataclass(frozen=True, slots=True)
class Asked:
    """From which day on, how many weeks ahead, and what a year costs."""

    as_of: date
    weeks: int = 52
    discount: float = 0.1


def scores(view: View, fitted: Mapping[str, Fitted], asked: Asked) -> Score:
    """Return what the models say of a customer; what can not be said is null, with the reason."""
    days = bought(view, asked.as_of)
    known = history(days, asked.as_of)
    if known is None:
        return {"purchases": None, "reason": "nothing had been bought by then"}
    bgnbd, spend = fitted.get("bgnbd"), fitted.get("gammagamma")
    return {
        "purchases": {
            "days": len(days), "first_on": days[0], "last_on": days[-1], "frequency": known.frequency,
            "recency_weeks": round(known.recency, 4), "age_weeks": round(known.age, 4),
        },
        **_coming(known, bgnbd, asked),
        **_worth(view, known, bgnbd, spend, asked),
        "silence": _silence(days, fitted.get("churn"), asked),
    }  # fmt: skip


def _coming(known: History, fitted: Fitted | None, asked: Asked) -> Score:
    names = ("alive", "expected_purchases", "no_purchase")
    if fitted is None:
        return _unknown(names, NOT_FITTED)
    model = Bgnbd(**fitted["parameters"])
    found = (model.alive(known), model.expected(known, asked.weeks), model.stays_away(known, asked.weeks))
    return {
        name: {"value": round(v, 6), "model": named(fitted)} for name, v in zip(names, found, strict=True)
    }


def _worth(view: View, known: History, bgnbd: Fitted | None, spend: Fitted | None, asked: Asked) -> Score:
    names = ("purchase_value", "lifetime_value")
    if bgnbd is None or spend is None:
        return _unknown(names, NOT_FITTED)
    if spend["parameters"]["q"] <= 1:
        return _unknown(names, "the mean of Gamma-Gamma needs q above 1")
    currency, model = spend["currency"], Bgnbd(**bgnbd["parameters"])
    value = GammaGamma(**spend["parameters"]).expected(*repeat_value(view, asked.as_of, currency))
    total = discounted(lambda weeks: model.expected(known, weeks), value, asked.weeks, asked.discount)
    models = {"currency": currency, "models": [named(bgnbd), named(spend)]}
    return {name: {"value": round(v), **models} for name, v in zip(names, (value, total), strict=True)}


def leaving(agreements: Iterable[Entity], fitted: Fitted | None, asked: Asked) -> list[Score]:
    """Return how old each agreement that runs is, and the probability that it ends in the next weeks."""
    steps = [Step(**step) for step in fitted["curve"]] if fitted else []
    found = []
    for agreement in agreements:
        age, over = life(agreement, asked.as_of) or (0, True)
        if over:
            continue
        ends = ends_within(steps, age, 7 * asked.weeks) if fitted else None
        told = {"ends": ends, "model": named(fitted)} if fitted else {"ends": None, "reason": NOT_FITTED}
        found.append({"agreement_id": agreement.stream.partition("-")[2], "age_days": age, **told})
    return found


def _silence(days: list[date], fitted: Fitted | None, asked: Asked) -> Score:
    quiet, own = (asked.as_of - days[-1]).days, gaps(days)
    limit = Silence(fitted["limit_days"], fitted["median_gap"]) if fitted else None
    usual = median(own) if own else None
    return {
        "days": quiet, "median_gap_days": usual, "reasons": reasons(quiet, usual, limit),
        "limit_days": limit.limit_days if limit else None,
        "score": round(limit.score(quiet), 6) if limit else None,
        "model": named(fitted) if fitted else None,
    }  # fmt: skip


def _unknown(names: Iterable[str], reason: str) -> Score:
    return {name: {"value": None, "reason": reason} for name in names}
