"""Deals by when they were closed: won and lost, what they are worth, how long they took."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from statistics import median

from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, summing, total
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, Fact, day_of
from services.analytics.views.facts_sales import DEAL, OWNER

OPENED = "OpportunityOpened"
CLOSING = ("OpportunityWon", "OpportunityLost")
STATUS = (*CLOSING, "OpportunityReopened")
Rows = Sequence[Row]


def closing(deal: Entity) -> Fact | None:
    """Return how the deal was closed, None for one that is open; reopening clears it (S-6)."""
    last = deal.last(*STATUS)
    return last if last and last.type in CLOSING else None


def opened_at(deal: Entity) -> datetime | None:
    """Return when the deal began: as told, else when it was opened here."""
    told = next((f.data["opened_at"] for f in deal.facts if f.data.get("opened_at")), None)
    first = deal.first(OPENED)
    return datetime.fromisoformat(told) if told else first.at if first else None


def dims_of(deal: Entity, owner: str | None = None) -> dict[str, str]:
    """Return the dimensions of a deal."""
    opened = deal.first(OPENED)
    said = opened.data if opened else {}
    return {
        "owner": owner or deal.newest(OWNER) or "",
        "product": said.get("product", ""), "pipeline": said.get("pipeline_id", ""),
        "organization": said.get("organization", ""),
    }  # fmt: skip


def closings(deal: Entity, question: Question) -> Iterator[Row]:
    """Yield the closing of a deal that was closed in the window, with its value and duration in seconds."""
    closed = closing(deal)
    if closed is None or not question.window.since <= closed.at < question.window.to:
        return
    won, amount, began = closed.type == "OpportunityWon", _amount(deal, closed), opened_at(deal)
    values = {"won" if won else "lost": 1, "won_value" if won else "lost_value": amount[0]}
    if won and began:
        values["cycle_s"] = max(0, int((closed.at - began) / timedelta(seconds=1)))
    why = {"competitor": _rival(deal, closed), "reason": closed.data.get("reason_code") or ""}
    dims = {**dims_of(deal, closed.data.get("owner")), **why, "currency": amount[1]}
    behind = tuple(f.id for f in deal.facts if f.type in (*STATUS, OPENED))
    yield Row(day_of(closed.at), dims, values, deal.customer, events=behind)


def _rival(deal: Entity, closed: Fact) -> str:
    """Return against whom it was closed: as the closing tells, else who was noted last."""
    return closed.data.get("competitor") or deal.newest({"CompetitorNoted": "competitor"}) or ""


def _amount(deal: Entity, closed: Fact) -> tuple[int, str]:
    money = closed.data.get("amount")
    if not money:
        changed = deal.last("OpportunityAmountChanged")
        opened = deal.first(OPENED)
        money = (changed and changed.data["to_amount"]) or (opened and opened.data.get("amount"))
    return (money["amount"], money["currency"]) if money else (0, "")


DIMS = ("owner", "product", "pipeline", "organization", "currency")
CLOSED = Entities(DEAL, CLOSING, closings, (*DIMS, "competitor", "reason"))


def win_rate(rows: Rows, _: Question) -> Figure:
    """Won / (won + lost)."""
    won = total(rows, "won")
    return ratio(won, won + total(rows, "lost"), "no deal was closed in the window")


def win_rate_by_value(rows: Rows, _: Question) -> Figure:
    """Won value / (won value + lost value)."""
    won = total(rows, "won_value")
    nothing = "no deal with a value was closed in the window"
    return ratio(won, won + total(rows, "lost_value"), nothing, len(rows))


def cycle(rows: Rows, _: Question) -> Figure:
    """Median and mean days from opening to winning."""
    days = [Fraction(row.values["cycle_s"], 86_400) for row in rows if "cycle_s" in row.values]
    if not days:
        return Figure(None, 0, reason="no deal was won in the window")
    middle, mean = Fraction(median(days)), sum(days, Fraction()) / len(days)
    return Figure(middle, len(days), detail={"median": middle, "mean": mean})


define = partial(Metric, source=CLOSED, owner="sales", group="value to the company")

CLOSING_METRICS: tuple[Metric, ...] = (
    define(
        "win_rate", 1, "Win rate",
        "won / (won + lost), of the deals closed in the window, by count",
        "share", STATUS, measure=win_rate,
    ),
    define(
        "win_rate_by_value", 1, "Win rate by value",
        "won value / (won value + value of the lost), of the deals closed in the window",
        "share", STATUS, measure=win_rate_by_value, money=True,
    ),
    define(
        "deals_won", 1, "Deals won", "deals won in the window", "count", STATUS, measure=summing("won"),
    ),
    define(
        "deals_lost", 1, "Deals lost", "deals lost in the window", "count", STATUS, measure=summing("lost"),
    ),
    define(
        "won_value", 1, "Won value",
        "sum of the amounts of the deals won in the window",
        "money", STATUS, measure=summing("won_value", "won"), money=True,
    ),
    define(
        "sales_cycle", 1, "Sales cycle",
        "median days from opening to winning, of the deals won in the window; reopened time counts once",
        "days", (*STATUS, OPENED), measure=cycle,
    ),
)  # fmt: skip
