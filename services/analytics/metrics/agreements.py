"""Agreements: who leaves although bound, and what recurring revenue goes with them."""

from collections.abc import Iterator, Sequence
from functools import partial

from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, total
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, Fact, day_of
from services.analytics.views.facts_sales import AGREEMENT

STARTED, CHANGED, ENDED = "AgreementStarted", "AgreementAmountChanged", "AgreementEnded"
PER_YEAR = {"month": 12, "quarter": 4, "year": 1}
Rows = Sequence[Row]
NONE = "no agreement was running at the start of the window"


def lives(agreement: Entity, question: Question) -> Iterator[Row]:
    """Yield an agreement that ran when the window began, with its yearly amount then and what was lost."""
    start, end = question.window.since, question.end
    before = [f for f in agreement.facts if f.at < start]
    if not any(f.type == STARTED for f in before) or any(f.type == ENDED for f in before):
        return
    then, now = _yearly(before), _yearly([f for f in agreement.facts if f.at < end])
    ended = next((f for f in agreement.facts if f.type == ENDED and f.at < end), None)
    lost = then if ended else max(0, then - now)
    values = {"running": 1, "ended": int(ended is not None), "amount": then, "lost": lost}
    yield Row(day_of(start), {"currency": _currency(before)}, values, agreement.customer)


def _yearly(facts: Sequence[Fact]) -> int:
    started = next(f for f in facts if f.type == STARTED)
    said = [f.data["to_amount"] for f in facts if f.type == CHANGED]
    money = said[-1] if said else started.data["recurring_amount"]
    return int(money["amount"]) * PER_YEAR[started.data["period"]]


def _currency(facts: Sequence[Fact]) -> str:
    return next(str(f.data["recurring_amount"]["currency"]) for f in facts if f.type == STARTED)


def contractual_churn(rows: Rows, _: Question) -> Figure:
    """Customers all of whose agreements ended / customers with one at the start."""
    kept = {row.customer for row in rows if not row.values["ended"]}
    everybody = {row.customer for row in rows}
    return ratio(len(everybody - kept), len(everybody), NONE)


def revenue_churn(rows: Rows, _: Question) -> Figure:
    """Recurring amount lost, ended or reduced / amount at the start."""
    return ratio(total(rows, "lost"), total(rows, "amount"), NONE, total(rows, "running"))


# Whatever ran at the start may have begun at any time before, so all agreements are read: they are few.
RUNNING = Entities(AGREEMENT, ("agreement",), lives, ("currency",), periods=False, ever=True, people=True)
define = partial(
    Metric, inputs=(STARTED, CHANGED, ENDED), source=RUNNING, owner="sales", group="value to the company",
    perspective="external",
)  # fmt: skip

AGREEMENT_METRICS: tuple[Metric, ...] = (
    define("contractual_churn", 1, "Churn of contracts",
           "customers whose last agreement ended in the window / customers with one at its start", "share",
           measure=contractual_churn),
    define("revenue_churn", 1, "Revenue churn",
           "recurring amount per year lost by ending and reducing in the window / amount at its start",
           "share", measure=revenue_churn, money=True),
)  # fmt: skip
