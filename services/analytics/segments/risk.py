"""Churn risk: by the fitted churn model once there is one, until then by the customer's own rhythm. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import ceil
from statistics import median

from services.analytics.domain.rating import Limits
from services.analytics.domain.standing.commands import Risk
from services.analytics.predictions.bgnbd import Bgnbd
from services.analytics.predictions.history import UNIT_DAYS, History
from services.analytics.predictions.models import Fitted
from services.analytics.segments.rating import Days, Yardstick

# A probability that takes longer to come is not waited for.
LONGEST_WEEKS = 5_000


def churn(orders: Days, today: int, by: Yardstick) -> tuple[Risk, int | None]:
    """Return the risk today, and the day on which silence alone raises it; None when that is now or never.

    With too few days of order the score is 0.
    """
    limits, model = by.rating.limits, by.models["risk"]
    past = sorted(day for day in orders if day <= today)
    if len(past) < limits.least_order_days:
        return Risk("0", False, True, (), model), None
    score, turn = _left(past, today, limits, by.churn) if by.churn else _silent(past, today, limits)
    shown = str(score.quantize(Decimal("0.01"), ROUND_HALF_UP))
    if score < Decimal(limits.raised_at):
        return Risk(shown, False, score < Decimal(limits.eased_under), (), model), turn
    gone = (f"has left with a probability of {shown}",) if by.churn else ()
    return Risk(shown, True, False, (*_reasons(past, today), *gone), model), None


def _silent(past: Sequence[int], today: int, limits: Limits) -> tuple[Decimal, int]:
    """The score is the days since the last order over some times the median gap, at most 1."""
    lost = limits.lost_gaps * Decimal(_gap(past))
    turn = past[-1] + -(-Decimal(limits.raised_at) * lost // 1)
    return min((today - past[-1]) / lost, Decimal(1)), int(turn)


def _left(past: Sequence[int], today: int, limits: Limits, fitted: Fitted) -> tuple[Decimal, int | None]:
    """The score is the probability of having left for good."""
    model = Bgnbd(**fitted["parameters"])
    ages = ((day - past[0]) / UNIT_DAYS for day in (past[-1], today))
    known = History(len(past) - 1, *ages)
    weeks = model.left_after(known, float(limits.raised_at))
    turn = past[-1] + ceil(weeks * UNIT_DAYS) if weeks < LONGEST_WEEKS else None
    return Decimal(str(1 - model.alive(known))), turn and max(turn, today + 1)


def _reasons(past: Sequence[int], today: int) -> tuple[str, str]:
    return f"last order {today - past[-1]} days ago", f"usually one every {_gap(past):g} days"


def _gap(past: Sequence[int]) -> float:
    return median(later - day for day, later in pairwise(past))
