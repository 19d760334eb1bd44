"""Attribution as a metric: what every campaign earned of the orders, by seven models at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from services.analytics.attribution import MODELS, Terms, Touch, credits_of, path
from services.analytics.metrics.dated import Dated
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.mailings import ORDERS
from services.analytics.metrics.metric import Behind, Figure, Metric, Row, total
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader
from services.analytics.views.facts import Entity, Fact, Kind
from services.analytics.views.facts_campaigns import MESSAGE, RESPONSE, TOUCH
from services.analytics.views.facts_contacts import INTERACTION
from services.analytics.views.facts_sales import LEAD
from shared.errors import FieldError, Invalid

DIRECT = "direct"
DEFAULTS: Mapping[str, Any] = {"model": "linear", "window_days": 90, "half_life_days": 7.0}
TOUCHING: dict[str, Kind] = {
    "LinkClicked": MESSAGE, "ContactAttempted": TOUCH, "CampaignResponseRecorded": RESPONSE,
    "InteractionRecorded": INTERACTION,
}  # fmt: skip


def touching(entity: Entity, question: Question) -> Iterator[Row]:
    """Yield what touched the person in the window: campaigns' clicks, calls, answers; direct contacts."""
    for fact in entity.facts:
        if fact.type in TOUCHING and counts(fact) and question.window.since <= fact.at < question.window.to:
            dims = {"campaign": fact.data.get("campaign_id", DIRECT), "channel": fact.channel, "id": fact.id}
            yield Row(fact.at.isoformat(), dims, {"touches": 1}, fact.customer)


def counts(fact: Fact) -> bool:
    """Tell whether it is a touch: no machine's click, and no contact that the company began by itself."""
    if fact.type == "InteractionRecorded":
        return bool(fact.data["direction"] == "in")
    return not fact.data.get("automated")


def leads(lead: Entity, question: Question) -> Iterator[Row]:
    """Yield when the person became a lead."""
    first = lead.first("LeadCaptured")
    if first and question.window.since <= first.at < question.window.to:
        yield Row(first.at.isoformat(), {}, {"leads": 1}, first.customer)


SOURCES = tuple(
    Entities(kind, (type_,), touching, ("campaign", "channel")) for type_, kind in TOUCHING.items()
)
LEADS = Entities(LEAD, ("LeadCaptured",), leads, ())


@dataclass(frozen=True)
class Credits(Dated):
    """One row per order and touch with the credit of every model; orders nobody touched stand alone."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What earned the credit, and in which currency."""
        return ("campaign", "channel", "currency")

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections read."""
        parts = (*SOURCES, LEADS, ORDERS)
        return tuple(dict.fromkeys(name for part in parts for name in part.reads))

    def read(self, reader: Reader, question: Question) -> Sequence[Row]:
        """Return the credits of the orders in the window, merged contacts as one person."""
        terms = terms_of(question)
        orders = ORDERS.read(reader, Question(question.window, question.until))
        before = Question(reaching_back(question.window, terms), question.until)
        touches = [row for source in SOURCES for row in source.read(reader, before)]
        captured = LEADS.read(reader, before)
        named = {row.customer for row in (*orders, *touches, *captured) if row.customer}
        roots = reader.roots(named, question.until)
        ways, first_leads = _by_person(touches, roots), _by_person(captured, roots)
        rows = [
            row
            for order in orders
            for row in _credited(order, roots.get(order.customer or "", ""), ways, first_leads, terms)
        ]
        scoped = question.scope.dimension != "company"
        return list(self.narrowed(rows, question.scope)) if scoped else rows

    def behind(self, reader: Reader, question: Question, types: Sequence[str]) -> list[Behind]:
        """Return the orders and the touches of the window; those before it are in the windows before."""
        whole = Question(question.window, question.until)
        touches = [found for source in SOURCES for found in source.behind(reader, whole, types)]
        return ORDERS.behind(reader, whole, types) + touches


def terms_of(question: Question) -> Terms:
    """Return the look-back window and the half-life. Raises Invalid."""
    window, half_life = (question.parameters.get(n, DEFAULTS[n]) for n in ("window_days", "half_life_days"))
    if not 1 <= window <= 366:
        raise Invalid(FieldError("?window_days", "is between 1 and 366"))
    if not 0.5 <= half_life <= 366:
        raise Invalid(FieldError("?half_life_days", "is between 0.5 and 366"))
    return Terms(window, half_life)


def reaching_back(window: Window, terms: Terms) -> Window:
    """Return the window of the touches: the look-back before the first order included."""
    return Window(window.since - timedelta(days=terms.window_days), window.to)


def _by_person(rows: Sequence[Row], roots: Mapping[str, str]) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.customer:
            found[roots[row.customer]].append(row)
    return found


def _credited(
    order: Row, root: str, ways: dict[str, list[Row]], leads_: dict[str, list[Row]], terms: Terms
) -> Iterator[Row]:
    at, value = datetime.fromtimestamp(order.values["at_s"], UTC), order.values["net"]
    mine = ways.get(root, ())
    touches = [_touch(row) for row in mine]
    channels = {row.dims["id"]: row.dims["channel"] for row in mine}
    captured = [m for row in leads_.get(root, ()) if (m := datetime.fromisoformat(row.day)) <= at]
    way = path(touches, at, max(captured, default=None), terms)
    each = {model: credits_of(model, way, value, terms) for model in MODELS}
    currency = order.dims["currency"]
    for index, touch in enumerate(way.touches):
        dims = {"campaign": touch.by, "channel": channels[touch.event_id], "currency": currency}
        yield Row(order.day, dims, {model: each[model][index] for model in MODELS}, root)
    if not way.touches:
        dims = {"campaign": "", "channel": "", "currency": currency}
        yield Row(order.day, dims, dict.fromkeys(MODELS, value), root)


def _touch(row: Row) -> Touch:
    by = row.dims["campaign"]
    return Touch(datetime.fromisoformat(row.day), by, row.dims["id"], by == DIRECT)


CREDITS = Credits()


def attributed(rows: Sequence[Row], question: Question) -> Figure:
    """Sum of the credits of one model; the other models' as detail."""
    model = question.parameters.get("model", DEFAULTS["model"])
    if model not in MODELS:
        raise Invalid(FieldError("?model", f"is one of {', '.join(MODELS)}"))
    return Figure(total(rows, model), len(rows), detail={name: total(rows, name) for name in MODELS})


define = partial(Metric, owner="marketing", group="value to the company", perspective="external")

ATTRIBUTION_METRICS: tuple[Metric, ...] = (
    define(
        "attributed_revenue", 1, "Attributed revenue",
        "net revenue of the orders in the window, each credited to the touches before it within window_days;"
        " split by campaign the credits sum exactly, and what nobody touched is under no name",
        "money", ("OrderPlaced", "OrderReturned", "OrderCancelled", *TOUCHING, "LeadCaptured"), CREDITS,
        attributed, money=True, parameters=DEFAULTS,
    ),
)  # fmt: skip
