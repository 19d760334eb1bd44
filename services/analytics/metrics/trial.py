"""A campaign as a trial: who got the message, who was held back, who of them bought, and what it brought."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from services.analytics.metrics.dated import Dated
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.mailings import ORDERS, dims_of
from services.analytics.metrics.metric import Behind, Figure, Row, total
from services.analytics.metrics.question import Question
from services.analytics.metrics.reader import Reader
from services.analytics.views.facts import Entity, day_of
from services.analytics.views.facts_campaigns import MESSAGE

Z = 1.96  # of a 95 % interval


def assigned(message: Entity, question: Question) -> Iterator[Row]:
    """Yield the person as treated or as control, from the moment the message was due."""
    queued, left = message.first("MessageQueued"), message.first("MessageSent")
    held = message.first("MessageSuppressed")
    if queued is None or not question.window.since <= queued.at < question.window.to:
        return
    group = "treated" if left else "control" if held and held.data["reason"] == "control" else None
    if group:
        values = {group: 1, "at_s": int(queued.at.timestamp())}
        yield Row(day_of(queued.at), dims_of(message), values, message.customer)


ASSIGNED = Entities(MESSAGE, ("MessageQueued",), assigned, ("campaign", "channel", "variant"))


@dataclass(frozen=True)
class Trial(Dated):
    """One row per person and campaign: the group, and what was bought after the message was due."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of the messages."""
        return ASSIGNED.dimensions

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections read."""
        return (*ASSIGNED.reads, *ORDERS.reads)

    def read(self, reader: Reader, question: Question) -> Sequence[Row]:
        """Return the people with their group and what they bought, merged contacts as one person."""
        people, orders = ASSIGNED.read(reader, question), ORDERS.read(reader, _of_all(question))
        refs = {row.customer for row in (*people, *orders) if row.customer}
        roots = reader.roots(refs, question.until)
        bought: defaultdict[str, list[Row]] = defaultdict(list)
        for order in orders:
            if order.customer:
                bought[roots[order.customer]].append(order)
        first: dict[tuple[str, str], Row] = {}
        for row in sorted(people, key=lambda row: row.values["at_s"]):
            root = roots[row.customer] if row.customer else ""
            first.setdefault((root, row.dims["campaign"]), row)
        return [_outcome(row, bought[root], root) for (root, _), row in first.items()]

    def behind(self, reader: Reader, question: Question, types: Sequence[str]) -> list[Behind]:
        """Return the messages and the orders."""
        orders = ORDERS.behind(reader, _of_all(question), types)
        return ASSIGNED.behind(reader, question, types) + orders


def _of_all(question: Question) -> Question:
    """Return the question of everybody's orders: control buys without naming the campaign."""
    known = {name: getattr(question, name) for name in ("window", "until", "parameters")}
    return Question(**known)


def _outcome(row: Row, orders: Sequence[Row], root: str) -> Row:
    after = [o for o in orders if o.values["at_s"] >= row.values["at_s"]]
    group = "treated" if "treated" in row.values else "control"
    currency = min((o.dims["currency"] for o in after), default="")
    spent = sum(o.values["net"] for o in after if o.dims["currency"] == currency)
    values = {group: 1, f"{group}_bought": int(bool(after)), f"{group}_value": spent}
    return Row(row.day, {**row.dims, "currency": currency}, values, root)


TRIAL = Trial()


def lift(rows: Sequence[Row], question: Question) -> Figure:
    """(conversion of the treated - conversion of the control group) x treated x value of a conversion.

    The interval is the normal one of a difference of two shares, at 95 %. `conversion_value` (minor units)
    is the mean net value of the treated who bought, unless given.
    """
    treated, control = total(rows, "treated"), total(rows, "control")
    if not treated or not control:
        return Figure(None, treated + control, reason="there is no treated or no control group in the window")
    bought, free = total(rows, "treated_bought"), total(rows, "control_bought")
    given = question.parameters.get("conversion_value", 0)
    value = Fraction(given) if given else Fraction(total(rows, "treated_value"), max(1, bought))
    difference = Fraction(bought, treated) - Fraction(free, control)
    margin = Fraction(Z * _deviation(bought, treated, free, control))
    detail = {
        "low": (difference - margin) * treated * value, "high": (difference + margin) * treated * value,
        "treated_share": round(bought / treated, 6), "control_share": round(free / control, 6),
    }  # fmt: skip
    return Figure(difference * treated * value, treated + control, bought, treated, detail=detail)


def _deviation(hits: int, of: int, others: int, out_of: int) -> float:
    first, second = hits / of, others / out_of
    return sqrt(first * (1 - first) / of + second * (1 - second) / out_of)
