"""Quotes: how many are accepted, and how long drafting them takes."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import partial

from services.analytics.metrics.customers import spread
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, summing, total
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Data, Entity, day_of
from services.analytics.views.facts_sales import QUOTE

DECIDED = {"QuoteAccepted": "accepted", "QuoteRejected": "rejected", "QuoteExpired": "expired"}
# What takes a decision back: a quote that had expired stands again.
OPEN_AGAIN = ("QuoteValidityExtended", "QuoteSent")
DRAFTED, SENT = "QuoteDrafted", "QuoteSent"
Rows = Sequence[Row]


def decisions(quote: Entity, question: Question) -> Iterator[Row]:
    """Yield the decision on a quote that fell in the window and still stands."""
    last = quote.last(*DECIDED, *OPEN_AGAIN)
    if last and last.type in DECIDED and question.window.since <= last.at < question.window.to:
        money = last.data.get("total") or _offered(quote)
        values = {DECIDED[last.type]: 1, "decided": 1, f"{DECIDED[last.type]}_value": money["amount"]}
        yield Row(day_of(last.at), {"currency": money["currency"]}, values, quote.customer)


def _offered(quote: Entity) -> Data:
    drafted = quote.last(DRAFTED, "QuoteRevised")
    return drafted.data["total"] if drafted else {"amount": 0, "currency": ""}


def turnarounds(quote: Entity, question: Question) -> Iterator[Row]:
    """Yield the minutes from drafting to sending a quote that was sent first in the window."""
    drafted, sent = quote.first(DRAFTED), quote.first(SENT)
    if drafted and sent and question.window.since <= sent.at < question.window.to:
        minutes = max(0, int((sent.at - drafted.at) / timedelta(minutes=1)))
        yield Row(day_of(sent.at), {}, {"minutes": minutes}, quote.customer)


def acceptance(rows: Rows, _: Question) -> Figure:
    """Accepted / (accepted + rejected + expired)."""
    return ratio(total(rows, "accepted"), total(rows, "decided"), "no quote was decided in the window")


def turnaround(rows: Rows, _: Question) -> Figure:
    """Median hours from the draft to the first sending."""
    found = spread([row.values["minutes"] for row in rows], "no quote was sent in the window")
    value = None if found.value is None else Fraction(found.value) / 60
    hours = {name: Fraction(part) / 60 for name, part in found.detail.items()}
    return Figure(value, found.n, reason=found.reason, detail=hours)


DECISIONS = Entities(QUOTE, tuple(DECIDED), decisions, ("currency",))
SENDINGS = Entities(QUOTE, (SENT,), turnarounds, ())
define = partial(Metric, owner="sales", group="value to the company")

QUOTE_METRICS: tuple[Metric, ...] = (
    define("quote_acceptance", 1, "Quote acceptance",
           "accepted / (accepted + rejected + expired), of quotes decided in the window", "share",
           (*DECIDED, *OPEN_AGAIN), DECISIONS, acceptance),
    define("quotes_accepted_value", 1, "Value of accepted quotes", "sum of the totals accepted in the window",
           "money", (*DECIDED, *OPEN_AGAIN), DECISIONS, summing("accepted_value", "accepted"),
           money=True),
    define("quote_turnaround", 1, "Quote turnaround",
           "median hours from the draft to the first sending, of quotes sent in the window", "hours",
           (DRAFTED, SENT), SENDINGS, turnaround),
)  # fmt: skip
