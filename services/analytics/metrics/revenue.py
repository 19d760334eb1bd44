"""Revenue and orders: additive, from day cells."""

from collections.abc import Sequence
from functools import partial

from services.analytics.metrics.metric import Figure, Metric, Row, ratio, summing, total
from services.analytics.metrics.question import Question
from services.analytics.metrics.sources import Cells
from services.analytics.views.facts_cells import TYPES_OF

ORDERS = Cells("order", ("channel", "country", "campaign", "category", "currency"))
INPUTS = TYPES_OF["order"]
Rows = Sequence[Row]


def net(rows: Rows) -> int:
    """Return gross revenue less what was returned and cancelled, in minor units."""
    return total(rows, "gross") - total(rows, "returned") - total(rows, "cancelled")


def _net(rows: Rows, _: Question) -> Figure:
    return Figure(net(rows), total(rows, "orders"), total(rows, "gross"))


def _average(rows: Rows, _: Question) -> Figure:
    return ratio(total(rows, "gross"), total(rows, "orders"), "no orders in the window")


def _return_share(rows: Rows, _: Question) -> Figure:
    taken_back = total(rows, "returned") + total(rows, "cancelled")
    return ratio(taken_back, total(rows, "gross"), "no revenue in the window", total(rows, "orders"))


define = partial(Metric, source=ORDERS, owner="sales", group="value to the company")

REVENUE_METRICS: tuple[Metric, ...] = (
    define(
        "net_revenue", 1, "Net revenue",
        "orders - returns - cancellations, each when it happened",
        "money", INPUTS, measure=_net, money=True,
    ),
    define(
        "gross_revenue", 1, "Gross revenue",
        "sum of the totals of the orders placed",
        "money", INPUTS[:1], measure=summing("gross", "orders"), money=True,
    ),
    define(
        "returned_revenue", 1, "Returned value",
        "sum of the values of the goods returned",
        "money", INPUTS[1:2], measure=summing("returned", "returns"), money=True,
    ),
    define(
        "cancelled_revenue", 1, "Cancelled value",
        "sum of the values of the orders cancelled",
        "money", INPUTS[2:], measure=summing("cancelled", "cancellations"), money=True,
    ),
    define(
        "orders", 1, "Orders",
        "number of orders placed",
        "count", INPUTS[:1], measure=summing("orders"),
    ),
    define(
        "average_order_value", 1, "Average order value",
        "gross revenue / orders",
        "money", INPUTS[:1], measure=_average, money=True,
    ),
    define(
        "return_share", 1, "Share taken back",
        "(returns + cancellations) / gross revenue, by value",
        "share", INPUTS, measure=_return_share, money=True,
    ),
)  # fmt: skip
