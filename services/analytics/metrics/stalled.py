"""Open deals that nothing has happened to for longer than their stage usually takes (row 57)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from services.analytics.metrics.closings import closing, dims_of
from services.analytics.metrics.openings import stays
from services.analytics.views.facts import Entity
from shared.days import DAY

LEAST = 3


@dataclass(frozen=True, slots=True)
class Stalled:
    """A deal without activity: the last one's moment and event, and the days its stage usually takes."""

    deal: str
    customer: str | None
    owner: str
    stage: str
    last_at: datetime
    by: str
    days: float
    norm_days: float


def norms(deals: Iterable[Entity], end: datetime) -> Mapping[str, float]:
    """Return the median days of every stage that at least three deals have left."""
    known: dict[str, list[float]] = {}
    for deal in deals:
        all_stays = list(stays(deal, end))
        for stay in all_stays if closing(deal) else all_stays[:-1]:
            known.setdefault(stay.stage, []).append((stay.to - stay.since) / DAY)
    return {stage: median(days) for stage, days in known.items() if len(days) >= LEAST}


def stalled(deals: Sequence[Entity], end: datetime, default_days: float) -> list[Stalled]:
    """Return the stalled deals, the longest silent first; a stage without a norm has the default."""
    usual = norms(deals, end)
    found = [_silent(deal, end, usual, default_days) for deal in deals if closing(deal) is None]
    return sorted((each for each in found if each), key=lambda each: (-each.days, each.deal))


def _silent(deal: Entity, end: datetime, usual: Mapping[str, float], default: float) -> Stalled | None:
    now, last = next(reversed(list(stays(deal, end))), None), deal.facts[-1]
    if now is None:
        return None
    days, norm = (end - last.at) / DAY, usual.get(now.stage, default)
    if days <= norm:
        return None
    owner, name = dims_of(deal)["owner"], deal.stream.partition("-")[2]
    told = (name, deal.customer, owner, now.stage, last.at, last.id)
    return Stalled(*told, round(days, 2), round(norm, 2))
