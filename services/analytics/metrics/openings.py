"""Deals by when they were opened: velocity, how stages convert, and how long they last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial

from services.analytics.metrics.closings import CLOSING, DIMS, OPENED, STATUS, closings, dims_of
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, summing, total
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, Fact, day_of
from services.analytics.views.facts_sales import DEAL

MOVES = (OPENED, "OpportunityStageChanged")
Rows = Sequence[Row]


def opened_in(deal: Entity, question: Question) -> Fact | None:
    """Return the opening of a deal that was opened in the window."""
    opened = deal.first(OPENED)
    inside = opened and question.window.since <= opened.at < question.window.to
    return opened if inside else None


def openings(deal: Entity, question: Question) -> Iterator[Row]:
    """Yield that a deal was opened in the window, and how it was closed in it."""
    if opened := opened_in(deal, question):
        dims = {**dims_of(deal), "currency": ""}
        yield Row(day_of(opened.at), dims, {"opened": 1}, deal.customer, events=(opened.id,))
    status = tuple(f.id for f in deal.facts if f.type in STATUS)
    yield from (replace(row, events=status) for row in closings(deal, question))


def velocity(rows: Rows, _: Question) -> Figure:
    """Opportunities x mean won value x win rate / mean cycle days: what is won per day."""
    opened, won, lost = (total(rows, name) for name in ("opened", "won", "lost"))
    seconds = total(rows, "cycle_s")
    if not won or not seconds:
        return Figure(None, opened, reason="no deal was won in the window")
    mean, rate = Fraction(total(rows, "won_value"), won), Fraction(won, won + lost)
    days = Fraction(seconds, 86_400) / sum("cycle_s" in row.values for row in rows)
    detail = {"opportunities": opened, "win_rate": float(rate), "cycle_days": float(days)}
    return Figure(opened * mean * rate / days, opened, opened * mean * rate, days, detail=detail)


@dataclass(frozen=True, slots=True)
class Stay:
    """A deal in a stage; `advanced` when it left for a more likely one or was won."""

    stage: str
    since: datetime
    to: datetime
    advanced: bool


def stays(deal: Entity, end: datetime) -> Iterator[Stay]:
    """Yield the stays of a deal up to a moment: they add up to the time it was open."""
    stage, since = "", None
    for fact in deal.facts:
        left = fact.type in MOVES or fact.type in CLOSING
        if left and since is not None:
            yield Stay(stage, since, fact.at, _advances(fact))
            since = None
        if fact.type in MOVES:
            stage, since = fact.data.get("to_stage") or fact.data["stage"], fact.at
        if fact.type == "OpportunityReopened":
            since = fact.at
    if since is not None:
        yield Stay(stage, since, max(since, end), advanced=False)


def _advances(fact: Fact) -> bool:
    better = fact.data.get("probability_to", 0) > fact.data.get("probability_from", 0)
    return fact.type == "OpportunityWon" or (fact.type != "OpportunityLost" and better)


def stages(deal: Entity, question: Question) -> Iterator[Row]:
    """Yield the stages of a deal opened in the window: re-entries are added, entries counted once."""
    opened = opened_in(deal, question)
    seconds: dict[str, int] = {}
    advanced: set[str] = set()
    for stay in stays(deal, question.end) if opened else ():
        seconds[stay.stage] = seconds.get(stay.stage, 0) + int((stay.to - stay.since) / timedelta(seconds=1))
        advanced |= {stay.stage} if stay.advanced else set()
    for stage, spent in seconds.items():
        values = {"entered": 1, "advanced": int(stage in advanced), "seconds": spent}
        day = day_of(opened.at) if opened else ""
        yield Row(day, {**dims_of(deal), "stage": stage}, values, deal.customer)


def stage_conversion(rows: Rows, _: Question) -> Figure:
    """Deals that went on from a stage / deals that entered it."""
    return ratio(total(rows, "advanced"), total(rows, "entered"), "no deal was opened in the window")


def time_in_stage(rows: Rows, _: Question) -> Figure:
    """Mean days per deal and stage."""
    seconds, entered = total(rows, "seconds"), total(rows, "entered")
    return ratio(Fraction(seconds, 86_400), entered, "no deal was opened in the window")


OPENINGS = Entities(DEAL, (OPENED, *CLOSING), openings, DIMS)
STAGES = Entities(DEAL, (OPENED,), stages, (*DIMS[:-1], "stage"))
define = partial(Metric, owner="sales", group="value to the company")

OPENING_METRICS: tuple[Metric, ...] = (
    define("deals_opened", 1, "Deals opened", "deals opened in the window", "count", (OPENED,), OPENINGS,
           summing("opened")),
    define("sales_velocity", 1, "Sales velocity",
           "deals opened x mean won value x win rate / mean cycle days; won, lost and cycle of the deals "
           "closed in the window", "money per day", (OPENED, *STATUS), OPENINGS, velocity, money=True),
    define("stage_conversion", 1, "Stage conversion",
           "deals that left a stage for a more likely one or were won / deals that entered it, of the deals "
           "opened in the window", "share", (*MOVES, *STATUS), STAGES, stage_conversion),
    define("time_in_stage", 1, "Time in stage",
           "mean days per deal and stage, re-entries added, of the deals opened in the window; an open stay "
           "ends with the window", "days", (*MOVES, *STATUS), STAGES, time_in_stage),
)  # fmt: skip
