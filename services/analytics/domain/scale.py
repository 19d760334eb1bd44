"""Scale: the cut points by which customers are rated, calibrated on all of them, in versions."""

from dataclasses import dataclass
from typing import Any

from services.analytics.domain.standing.events import Tier
from shared.decide.decider import Decider
from shared.values import Currency, Id, Positive, Whole

Cuts = tuple[int, ...]
# Shares of the buyers at or below each cut of the tiers: the median, the upper fifth, the top 5 %, unless
# another rating was published. RFM goes by fifths.
TIER_SHARES = (50, 80, 95)
TIERS: tuple[Tier, ...] = ("low", "middle", "high", "top")
LEAST_BUYERS = 5
# Cut points stand until one has moved by a tenth: tiers do not flicker with every order of somebody else.
MOVED_PERCENT = 10
# How the points are found: 1 by nearest rank, 2 by `quantiles.cuts`. A scale of another formula is cut anew.
FORMULA = 2


@dataclass(frozen=True, slots=True)
class Worth:
    """The cut points of net value in one currency, in minor units."""

    currency: Currency
    tiers: tuple[int, ...]
    monetary: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calibrate:
    """Rate by these cut points, if they differ enough from those in force."""

    scale_id: Id
    buyers: Whole
    recency: tuple[Whole, ...]
    frequency: tuple[Whole, ...]
    worth: tuple[Worth, ...]
    tier_shares: tuple[Whole, ...] = TIER_SHARES


@dataclass(frozen=True, slots=True)
class ValueScaleCalibrated:
    """From now on these are the cut points: days since the last order, orders, and net value by currency.

    `tier_shares` are the percentages of the buyers that the tiers were cut at. `formula` tells how the points
    were found: 1 by nearest rank, 2 interpolated between the two nearest values and rounded down.
    """

    scale_id: Id
    version: Positive
    buyers: Whole
    recency: tuple[Whole, ...]
    frequency: tuple[Whole, ...]
    worth: tuple[Worth, ...]
    tier_shares: tuple[Whole, ...] = TIER_SHARES
    formula: Positive = 1


Scale = ValueScaleCalibrated


def stale(scale: Scale, shares: Cuts) -> bool:
    """Tell whether a scale cuts the tiers at other shares than these, or by another formula than today's."""
    return (scale.tier_shares, scale.formula) != (shares, FORMULA)


def decide(scale: Scale | None, command: Calibrate) -> list[Any]:
    """Too few buyers make no scale; little moved is no news, unless the scale in force is stale."""
    if command.buyers < LEAST_BUYERS or (scale and not _moved(scale, command)):
        return []
    version = scale.version + 1 if scale else 1
    rest = (command.buyers, command.recency, command.frequency, command.worth, command.tier_shares)
    return [ValueScaleCalibrated(command.scale_id, version, *rest, FORMULA)]


def _moved(scale: Scale, now: Calibrate) -> bool:
    known, new = _points(scale), _points(now)
    recut = stale(scale, now.tier_shares) or known.keys() != new.keys()
    return recut or any(
        abs(value - known[name]) * 100 > MOVED_PERCENT * abs(known[name]) for name, value in new.items()
    )


def _points(of: Scale | Calibrate) -> dict[tuple[str, int], int]:
    lists = {"recency": of.recency, "frequency": of.frequency}
    for worth in of.worth:
        lists |= {f"{worth.currency} tiers": worth.tiers, f"{worth.currency} monetary": worth.monetary}
    return {(name, index): value for name, values in lists.items() for index, value in enumerate(values)}


SCALE: Decider[Scale | None] = Decider(
    category="scale",
    service="analytics",
    initial=None,
    decide=decide,
    evolve=lambda _, event: event,
    events=(ValueScaleCalibrated,),
    opens=(Calibrate,),
)
