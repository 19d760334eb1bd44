"""Promised and delivered: how many orders came in time, and by which margin."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial

from services.analytics.metrics.customers import spread
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, total
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_sales import ORDER

PLACED, PROMISED, DELIVERED = "OrderPlaced", "DeliveryPromised", "OrderDelivered"
Rows = Sequence[Row]


def deliveries(order: Entity, question: Question) -> Iterator[Row]:
    """Yield an order that was delivered in the window; `margin` is the days before the day promised last."""
    delivered, promised, placed = order.first(DELIVERED), order.last(PROMISED), order.first(PLACED)
    if not delivered or not question.window.since <= delivered.at < question.window.to:
        return
    dims = {"channel": placed.channel, "country": placed.data.get("country", "")} if placed else {}
    values = {"delivered": 1}
    if promised:
        told = delivered.data.get("delivered_at")
        came = datetime.fromisoformat(str(told)) if told else delivered.at
        values["margin"] = (date.fromisoformat(str(promised.data["promised_on"])) - came.date()).days
    yield Row(day_of(delivered.at), dims, values, order.customer)


def _margins(rows: Rows) -> list[int]:
    return [row.values["margin"] for row in rows if "margin" in row.values]


def on_time(rows: Rows, _: Question) -> Figure:
    """Delivered on the promised day or before / delivered with a promise."""
    margins = _margins(rows)
    found = ratio(sum(m >= 0 for m in margins), len(margins), "no promised order was delivered in the window")
    unpromised = total(rows, "delivered") - len(margins)
    return Figure(found.value, found.n, found.numerator, found.denominator, found.reason,
                  {"without_promise": unpromised})  # fmt: skip


def margin(rows: Rows, _: Question) -> Figure:
    """Median of promised - delivered, in days."""
    return spread(_margins(rows), "no promised order was delivered in the window")


DELIVERIES = Entities(ORDER, (DELIVERED,), deliveries, ("channel", "country"))
define = partial(
    Metric, inputs=(PLACED, PROMISED, DELIVERED), source=DELIVERIES, owner="sales",
    group="value to customers", perspective="external",
)  # fmt: skip

PROMISE_METRICS: tuple[Metric, ...] = (
    define("promises_on_time", 1, "Promises kept",
           "delivered on the promised day or before / delivered with a promise, in the window", "share",
           measure=on_time),
    define("promise_margin", 1, "Promise margin",
           "median of promised - delivered in days, of orders delivered in the window; below 0 is late",
           "days", measure=margin),
)  # fmt: skip
