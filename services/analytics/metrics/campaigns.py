"""Campaigns: delivered, opened, answered, bought; what it cost and what it brought."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from services.analytics.metrics.acquisition import COSTS
from services.analytics.metrics.joint import Joint, of_rows
from services.analytics.metrics.mailings import ORDERS, QUEUED, RESPONSES, SENT, TOUCHES
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, summing, total
from services.analytics.metrics.question import Question
from services.analytics.metrics.trial import TRIAL, lift

Rows = Sequence[Row]
MARGIN = 0.6
MESSAGE = ("MessageSent", "MessageDelivered")
SOLD = ("OrderPlaced", "OrderReturned", "OrderCancelled")
SPENT = ("CampaignCostRecorded", "CampaignCostReversed")


def share(name: str, of: str, nothing: str) -> Callable[[Rows, Question], Figure]:
    """Return what divides two quantities."""

    def measure(rows: Rows, _: Question) -> Figure:
        return ratio(total(rows, name), total(rows, of), nothing)

    return measure


def engaged(name: str, of: str, nothing: str) -> Callable[[Rows, Question], Figure]:
    """Return what divides those whom a person's hand engaged; with machines as detail (M-5)."""

    def measure(rows: Rows, _: Question) -> Figure:
        base = total(rows, of)
        both = Fraction(total(rows, f"{name}_any"), base) if base else None
        figure = ratio(total(rows, name), base, nothing)
        detail = {"with_automated": both, "automated_only": total(rows, f"{name}_any") - total(rows, name)}
        return Figure(figure.value, figure.n, figure.numerator, figure.denominator, figure.reason, detail)

    return measure


def reach(rows: Rows, _: Question) -> Figure:
    """Delivered / queued; suppressed ones by their reason as detail."""
    reasons = Counter(row.dims["reason"] for row in rows if row.dims.get("reason"))
    held = {f"suppressed_{reason}": count for reason, count in sorted(reasons.items())}
    figure = ratio(total(rows, "delivered"), total(rows, "queued"), "no message was queued in the window")
    return Figure(figure.value, figure.n, figure.numerator, figure.denominator, figure.reason, held)


def response(rows: Rows, _: Question) -> Figure:
    """People who answered / people reached, by message or by call."""
    reached = total(rows, "delivered") + total(rows, "contacted")
    return ratio(total(rows, "responded"), reached, "nobody was reached in the window")


def conversion(rows: Rows, _: Question) -> Figure:
    """People whose order names the campaign / people reached."""
    buyers = {row.customer for row in rows if "orders" in row.values and row.dims["campaign"]}
    reached = total(rows, "delivered") + total(rows, "contacted")
    return ratio(len(buyers), reached, "nobody was reached in the window")


def per_response(rows: Rows, _: Question) -> Figure:
    """Cost / answers."""
    return ratio(total(rows, "cost"), total(rows, "responded"), "nobody answered in the window")


def gain(rows: Rows) -> int:
    """Return the net revenue of the orders that name a campaign: the basis of the gain."""
    return total([row for row in rows if row.dims.get("campaign")], "net")


def roi(rows: Rows, _: Question) -> Figure:
    """(gain - cost) / cost."""
    cost = total(rows, "cost")
    return ratio(gain(rows) - cost, cost, "nothing was spent in the window")


def romi(rows: Rows, question: Question) -> Figure:
    """(incremental revenue x margin - spend) / spend (Farris et al., Marketing Metrics)."""
    margin, cost = Fraction(str(question.parameters.get("margin", MARGIN))), total(rows, "cost")
    return ratio(gain(rows) * margin - cost, cost, "nothing was spent in the window")


NO_MESSAGE, NONE_DELIVERED = "no message was sent in the window", "no message was delivered in the window"
REACHED = {"messages": SENT, "calls": TOUCHES}
RETURN = Joint({"costs": COSTS, "orders": ORDERS}, ("costs", "orders"))
define = partial(Metric, owner="marketing", group="value to the company", perspective="external")

CAMPAIGN_METRICS: tuple[Metric, ...] = (
    define(
        "delivery_rate", 1, "Delivery rate", "delivered / sent, of the messages sent in the window",
        "share", MESSAGE, SENT, share("delivered", "sent", NO_MESSAGE),
    ),
    define(
        "bounce_rate", 1, "Bounce rate", "bounced / sent",
        "share", ("MessageSent", "MessageBounced"), SENT, share("bounced", "sent", NO_MESSAGE),
    ),
    define(
        "open_rate", 1, "Open rate",
        "messages that a person opened / delivered; with_automated counts machines too",
        "share", (*MESSAGE, "MessageOpened", "EngagementReclassified"), SENT,
        engaged("opened", "delivered", NONE_DELIVERED),
    ),
    define(
        "click_rate", 1, "Click rate",
        "messages in which a person clicked / delivered; with_automated counts machines too",
        "share", (*MESSAGE, "LinkClicked", "EngagementReclassified"), SENT,
        engaged("clicked", "delivered", NONE_DELIVERED),
    ),
    define(
        "click_to_open_rate", 1, "Click-to-open rate",
        "messages in which a person clicked / messages that a person opened",
        "share", ("MessageSent", "MessageOpened", "LinkClicked", "EngagementReclassified"), SENT,
        engaged("clicked", "opened", "nobody opened a message in the window"),
    ),
    define(
        "unsubscribe_rate", 1, "Unsubscribe rate",
        "people whose consent ended because of the message / delivered; those already suppressed do not"
        " count",
        "share", (*MESSAGE, "UnsubscribeRequested"), SENT, share("unsubscribed", "delivered", NONE_DELIVERED),
    ),
    define(
        "reach", 1, "Reach", "delivered / queued; the detail tells the suppressed ones by reason",
        "share", ("MessageQueued", "MessageDelivered", "MessageSuppressed"), QUEUED, reach,
    ),
    define(
        "response_rate", 1, "Response rate",
        "answers in the window / people reached in the window by message or call",
        "share", (*MESSAGE, "ContactAttempted", "CampaignResponseRecorded"),
        Joint({**REACHED, "answers": RESPONSES}), of_rows(response),
    ),
    define(
        "campaign_responses", 1, "Answers to campaigns", "number of answers in the window",
        "count", ("CampaignResponseRecorded",), RESPONSES, summing("responded"),
    ),
    define(
        "attempts_per_contact", 1, "Attempts per contact",
        "attempts it took / contacts made, by call or visit, of those in the window",
        "ratio", ("ContactAttempted",), TOUCHES,
        share("attempts", "contacted", "nobody was contacted in the window"),
    ),
    define(
        "conversion_rate", 1, "Conversion rate",
        "people whose order in the window names the campaign / people reached in the window",
        "share", (*MESSAGE, "ContactAttempted", "OrderPlaced"), Joint({**REACHED, "orders": ORDERS}),
        of_rows(conversion),
    ),
    define(
        "cost_per_response", 1, "Cost per response", "cost / answers to campaigns",
        "money", (*SPENT, "CampaignResponseRecorded"),
        Joint({"costs": COSTS, "answers": RESPONSES}, ("costs",)), of_rows(per_response), money=True,
    ),
    define(
        "campaign_roi", 1, "Return on investment of campaigns",
        "(gain - cost) / cost; gain is the net revenue of the orders in the window that name a campaign",
        "ratio", (*SPENT, *SOLD), RETURN, of_rows(roi), money=True,
    ),
    define(
        "campaign_romi", 1, "Return on marketing investment",
        "(revenue of the orders that name a campaign x margin - spend) / spend",
        "ratio", (*SPENT, *SOLD), RETURN, of_rows(romi), money=True, parameters={"margin": MARGIN},
    ),
    define(
        "campaign_lift", 1, "Lift against control",
        "(conversion of the treated - of the control group) x treated x value of a conversion, with a 95 %"
        " interval; everybody's orders from the message up to the end of the window count",
        "money", ("MessageQueued", "MessageSent", "MessageSuppressed", *SOLD), TRIAL, lift, money=True,
        parameters={"conversion_value": 0},
    ),
)  # fmt: skip
