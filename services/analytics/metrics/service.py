"""Service: how soon customers are answered and helped, how well, by whose start and at what cost."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from services.analytics.metrics.durations import hours
from services.analytics.metrics.entities import Entities
from services.analytics.metrics.joint import Joint, of_rows
from services.analytics.metrics.metric import Figure, Metric, Row, ratio, total
from services.analytics.metrics.question import Question
from services.analytics.metrics.tickets import (
    DIMENSIONS,
    first_responses,
    happened,
    judged,
    next_responses,
    resolutions,
)
from services.analytics.views.facts import Entity, Fact, day_of
from services.analytics.views.facts_contacts import INTERACTION
from services.analytics.views.facts_support import CASE, SELF_SERVICE, TICKET
from shared.errors import FieldError, Invalid

Rows = Sequence[Row]
DEAREST = 10**9  # minor units
RATES = "call_center=600,email=250,chat=200,web=50,store=400,self_service=5"
RESOLVED, REPLIED = ("TicketResolved",), ("ReplySent",)
SLA = ("SlaClockStarted", "SlaTargetMet", "SlaTargetBreached", "SlaClockStopped", "SlaClockCancelled")
LIFE = ("TicketOpened", "TicketResolved", "TicketReopened")


def contacts(interaction: Entity, question: Question) -> Iterator[Row]:
    """Yield a contact in the window, with how long it took if that was told."""
    for fact in _in_window(interaction, "InteractionRecorded", question):
        dims = {"channel": fact.channel, "kind": fact.data["kind"], "handler": fact.data.get("handler", "")}
        took = {"handle_s": fact.data["duration_s"]} if "duration_s" in fact.data else {}
        yield Row(day_of(fact.at), dims, {"contacts": 1, **took}, fact.customer)


def deflections(article: Entity, question: Question) -> Iterator[Row]:
    """Yield every time in the window that an article spared a ticket."""
    for fact in _in_window(article, "TicketDeflected", question):
        yield Row(day_of(fact.at), {"channel": fact.channel}, {"deflected": 1}, fact.customer)


def cases(case: Entity, question: Question) -> Iterator[Row]:
    """Yield a case raised in the window; it is ticketed when a ticket came of it."""
    ticketed = any(fact.data.get("ticket_id") for fact in case.facts)
    for fact in _in_window(case, "ProactiveCaseRaised", question):
        dims = {"channel": fact.channel, "rule": fact.data["rule_id"]}
        yield Row(day_of(fact.at), dims, {"raised": 1, "ticketed": int(ticketed)}, fact.customer)


def _in_window(entity: Entity, type_: str, question: Question) -> Iterator[Fact]:
    window = question.window
    return (f for f in entity.facts if f.type == type_ and window.since <= f.at < window.to)


CLOCKS = Entities(TICKET, ("due",), judged, (*DIMENSIONS, "clock"))
EVENTS = Entities(TICKET, LIFE, happened, DIMENSIONS)
FIRST = Entities(TICKET, REPLIED, first_responses, DIMENSIONS)
NEXT = Entities(TICKET, REPLIED, next_responses, DIMENSIONS)
SOLVED = Entities(TICKET, RESOLVED, resolutions, DIMENSIONS)
DEFLECTED = Entities(SELF_SERVICE, ("TicketDeflected",), deflections, ("channel",))
RAISED = Entities(CASE, ("ProactiveCaseRaised",), cases, ("rule", "channel"))
CONTACTS = Entities(INTERACTION, ("InteractionRecorded",), contacts, ("kind", "handler", "channel"))


def compliance(rows: Rows, _: Question) -> Figure:
    """Met / (met + breached), of the clocks due in the window."""
    met = total(rows, "met")
    return ratio(met, met + total(rows, "breached"), "no clock was due in the window")


def first_response(rows: Rows, _: Question) -> Figure:
    """Median business hours to the first public reply by a person; wall time as detail."""
    return hours(rows, ("business_s", "wall_s"), "no first response with a service-level clock in the window")


def next_response(rows: Rows, _: Question) -> Figure:
    """Median business hours from the earliest unanswered message to the answer; wall time as detail."""
    return hours(rows, ("business_s", "wall_s"), "no later response with a service-level clock in the window")


def resolution(rows: Rows, _: Question) -> Figure:
    """Median business hours of the cycles resolved; wall time and the requester's wait as detail."""
    nothing = "no resolution with a service-level clock in the window"
    return hours(rows, ("business_s", "wall_s", "wait_s"), nothing)


def first_contact(rows: Rows, _: Question) -> Figure:
    """Resolved in cycle 1 with one reply / resolved."""
    resolved = total(rows, "resolved")
    return ratio(total(rows, "first_contact"), resolved, "no ticket was resolved in the window")


def reopened(rows: Rows, _: Question) -> Figure:
    """Reopened / resolved."""
    return ratio(total(rows, "reopened"), total(rows, "resolved"), "no ticket was resolved in the window")


def volume(rows: Rows, _: Question) -> Figure:
    """Tickets opened; with resolutions and people, which are three things."""
    people = {row.customer for row in rows if row.customer and "opened" in row.values}
    opened = total(rows, "opened")
    detail = {"tickets": opened, "resolutions": total(rows, "resolved"), "people": len(people)}
    return Figure(opened, opened, detail=detail)


def deflection(rows: Rows, _: Question) -> Figure:
    """Deflected / (deflected + opened)."""
    deflected = total(rows, "deflected")
    return ratio(deflected, deflected + total(rows, "opened"), "nobody asked for help in the window")


def proactive(rows: Rows, _: Question) -> Figure:
    """Proactive / (proactive + reactive); a ticket that came of a case is not counted beside it."""
    origins = Counter(row.dims.get("origin") for row in rows if "opened" in row.values)
    raised, ticketed = total(rows, "raised"), total(rows, "ticketed")
    ours = raised + max(0, origins["proactive"] - ticketed)
    asked = origins["reactive"] + origins["self_service"]
    return ratio(ours, ours + asked, "there was neither a case nor a ticket in the window")


def handle_time(rows: Rows, _: Question) -> Figure:
    """Median hours of the contacts whose length was told."""
    return hours(rows, ("handle_s",), "no contact in the window tells how long it took")


def rates_of(text: str) -> dict[str, int]:
    """Return what a contact costs in each channel, in minor units, of `email=250,call_center=600`."""
    try:
        pairs = (part.split("=") for part in text.split(",") if part)
        rates = {channel.strip(): int(cost) for channel, cost in pairs}
    except ValueError as error:
        raise Invalid(FieldError("?rates", "is a list such as email=250,call_center=600")) from error
    if not all(0 <= cost <= DEAREST for cost in rates.values()):
        raise Invalid(FieldError("?rates", f"holds a cost that is not between 0 and {DEAREST:,} minor units"))
    return rates


def cost_per_contact(rows: Rows, question: Question) -> Figure:
    """Cost of the contacts / contacts, blended over the channels that have a rate."""
    rates = rates_of(question.parameters.get("rates", RATES))
    counts: dict[str, int] = {}
    for row in rows:
        channel = "self_service" if "deflected" in row.values else row.dims["channel"]
        met = row.values.get("contacts", 0) + row.values.get("opened", 0) + row.values.get("deflected", 0)
        counts[channel] = counts.get(channel, 0) + met
    known = {channel: count for channel, count in counts.items() if channel in rates}
    cost = sum(rates[channel] * count for channel, count in known.items())
    return ratio(cost, sum(known.values()), "no contact in a channel with a rate in the window")


define = partial(Metric, owner="support", group="value to customers")

SERVICE_METRICS: tuple[Metric, ...] = (
    define(
        "sla_compliance", 1, "Service-level compliance",
        "met / (met + breached), of the clocks due in the window; running and overdue at as_of counts as"
        " breached, cancelled nowhere",
        "share", SLA, CLOCKS, compliance,
    ),
    define(
        "first_response_time", 1, "First-response time",
        "median business hours from the start to the first public reply by a person, by when it was given",
        "hours", ("TicketOpened", "TicketReopened", "ReplySent", *SLA), FIRST, first_response,
    ),
    define(
        "next_response_time", 1, "Next-response time",
        "median business hours from the earliest unanswered message to the reply, by when it was given",
        "hours", ("CustomerMessageReceived", "ReplySent", *SLA), NEXT, next_response,
    ),
    define(
        "resolution_time", 1, "Resolution time",
        "median business hours not paused, per cycle, by when it was resolved",
        "hours", (*LIFE, *SLA), SOLVED, resolution,
    ),
    define(
        "first_contact_resolution", 1, "First-contact resolution",
        "resolved in cycle 1 with at most one reply of a person / resolved",
        "share", ("TicketResolved", "ReplySent"), EVENTS, first_contact,
    ),
    define(
        "reopen_rate", 1, "Reopen rate", "reopened / resolved", "share", LIFE[1:], EVENTS, reopened,
    ),
    define(
        "tickets", 1, "Tickets, resolutions, people",
        "tickets opened; the detail holds tickets, resolutions and people, always together",
        "count", LIFE[:2], EVENTS, volume,
    ),
    define(
        "deflection_rate", 1, "Deflection",
        "deflected / (deflected + opened)",
        "share", ("TicketDeflected", "TicketOpened"), Joint({"articles": DEFLECTED, "tickets": EVENTS}),
        of_rows(deflection),
    ),
    define(
        "proactive_share", 1, "Proactive share",
        "(cases raised + tickets we opened that came of no case) / (these + tickets customers opened)",
        "share", ("ProactiveCaseRaised", "ProactiveCaseResolved", "TicketOpened"),
        Joint({"cases": RAISED, "tickets": EVENTS}), of_rows(proactive),
    ),
    define(
        "handle_time", 1, "Handle time",
        "median hours of the contacts whose length was told",
        "hours", ("InteractionRecorded",), CONTACTS, handle_time, group="value to employees",
        perspective="internal",
    ),
    define(
        "cost_per_contact", 1, "Cost per contact",
        "sum of contacts x cost of the channel / contacts; contacts are interactions, tickets opened and"
        " deflected ones (self_service); rates in minor units",
        "money", ("InteractionRecorded", "TicketOpened", "TicketDeflected"),
        Joint({"contacts": CONTACTS, "tickets": EVENTS, "articles": DEFLECTED}), of_rows(cost_per_contact),
        group="channels",
        parameters={"rates": RATES},
    ),
)  # fmt: skip
