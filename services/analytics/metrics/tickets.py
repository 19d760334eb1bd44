"""What the facts of a ticket tell: its clocks, its cycles, who waited for whom and how long. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.analytics.metrics.metric import Row
from services.analytics.metrics.question import Question
from services.analytics.views.facts import Entity, Fact, day_of

SECOND = timedelta(seconds=1)
GONE = ("TicketsMerged", "TicketMarkedSpam")
DIMENSIONS = ("priority", "category", "channel", "team", "handler", "origin", "tier")
STATES = {
    "SlaClockStarted": "running", "SlaClockResumed": "running", "SlaClockPaused": "paused",
    "SlaTargetMet": "met", "SlaTargetBreached": "breached", "SlaClockCancelled": "cancelled",
    "SlaPolicyChanged": "", "SlaClockStopped": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """One service-level clock of one cycle; `elapsed_s` is the business time it took, once it ended."""

    kind: str
    cycle: int
    state: str = "running"
    due_at: datetime | None = None
    elapsed_s: int | None = None
    ended_at: datetime | None = None


def clocks(ticket: Entity) -> list[Clock]:
    """Return the clocks as they stand; a breach stays one (T-4), a merged ticket has none (T-7)."""
    if ticket.first(*GONE):
        return []
    known: dict[tuple[str, int], Clock] = {}
    for fact in ticket.facts:
        if fact.type in STATES:
            key = (fact.data["kind"], fact.data["cycle"])
            known[key] = _went_on(known.get(key, Clock(*key)), fact)
    return list(known.values())


def _went_on(clock: Clock, fact: Fact) -> Clock:
    state = clock.state if clock.state == "breached" else STATES[fact.type] or clock.state
    told = fact.data.get("due_at")
    due = datetime.fromisoformat(told) if told else clock.due_at
    if fact.type not in ("SlaTargetMet", "SlaClockStopped"):
        return replace(clock, state=state, due_at=due)
    return replace(clock, state=state, due_at=due, elapsed_s=fact.data["elapsed_s"], ended_at=fact.at)


def dims_of(ticket: Entity) -> dict[str, str]:
    """Return the dimensions of a ticket, as they were said last."""
    opened = ticket.first("TicketOpened")
    said: dict[str, str] = {"channel": opened.channel if opened else ""}
    for fact in ticket.facts:
        said |= {name: str(fact.data[name]) for name in DIMENSIONS if name in fact.data}
        if "to_priority" in fact.data:
            said["priority"] = fact.data["to_priority"]
    return {name: said.get(name, "") for name in DIMENSIONS}


def judged(ticket: Entity, question: Question) -> Iterator[Row]:
    """Yield the clocks due in the window that were met or breached.

    A running one is overdue once its due time lies before `as_of`; cancelled ones count nowhere.
    """
    for clock in clocks(ticket):
        if clock.due_at is None or not _inside(clock.due_at, question):
            continue
        as_of = question.until.as_of
        late = clock.state == "running" and as_of is not None and clock.due_at <= as_of
        outcome = "breached" if late else clock.state
        if outcome in ("met", "breached"):
            dims = {**dims_of(ticket), "clock": clock.kind}
            yield Row(day_of(clock.due_at), dims, {outcome: 1}, ticket.customer)


def happened(ticket: Entity, question: Question) -> Iterator[Row]:
    """Yield what happened to the ticket in the window: opened, resolved, reopened; for whom."""
    names = {"TicketOpened": "opened", "TicketResolved": "resolved", "TicketReopened": "reopened"}
    if ticket.first(*GONE):
        return
    for fact in ticket.facts:
        if fact.type in names and _inside(fact.at, question):
            values = {names[fact.type]: 1}
            if fact.type == "TicketResolved":
                values["first_contact"] = int(fact.data["cycle"] == 1 and _replies(ticket, fact.at) <= 1)
            yield Row(day_of(fact.at), {**dims_of(ticket), "ticket": ticket.stream}, values, ticket.customer)


def first_responses(ticket: Entity, question: Question) -> Iterator[Row]:
    """Yield the first response, when it fell into the window (T-2, T-6)."""
    start, reply = _start(ticket), next((f for f in ticket.facts if human(f)), None)
    if ticket.first(*GONE) or start is None or reply is None or not _inside(reply.at, question):
        return
    reopened = [f.at for f in ticket.facts if f.type == "TicketReopened" and f.at <= reply.at]
    begun = max([start, *reopened])
    yield _timed(ticket, "first_response", len(reopened) + 1, begun, reply.at)


def next_responses(ticket: Entity, question: Question) -> Iterator[Row]:
    """Yield every later answer in the window, from the earliest message it answers (T-3)."""
    if ticket.first(*GONE):
        return
    waiting: datetime | None = None
    answered = False
    for fact in ticket.facts:
        if fact.type == "CustomerMessageReceived" and answered:
            waiting = waiting or fact.at
        elif human(fact):
            if waiting and _inside(fact.at, question):
                business = _elapsed(ticket, "next_response", fact.at)
                yield _row(ticket, waiting, fact.at, business)
            waiting, answered = None, True


def resolutions(ticket: Entity, question: Question) -> Iterator[Row]:
    """Yield every resolution in the window: wall time of its cycle, business time, the requester's wait."""
    if ticket.first(*GONE):
        return
    begun: datetime | None = None
    for fact in ticket.facts:
        if fact.type in ("TicketOpened", "TicketReopened"):
            begun = fact.at
        elif fact.type == "TicketResolved" and begun and _inside(fact.at, question):
            row = _timed(ticket, "resolution", fact.data["cycle"], begun, fact.at)
            wait = (fact.at - begun) / SECOND - _held_for_customer(ticket, begun, fact.at)
            yield replace(row, values={**row.values, "wait_s": int(wait)})


def human(fact: Fact) -> bool:
    """Tell whether it is a public reply that a person wrote."""
    return fact.type == "ReplySent" and bool(fact.data["public"]) and not fact.data["automatic"]


def _start(ticket: Entity) -> datetime | None:
    """Of a ticket that staff opened the clock starts at the first message of the customer (T-2)."""
    opened = ticket.first("TicketOpened")
    if opened is None:
        return None
    first = ticket.first("CustomerMessageReceived")
    return (first.at if first else None) if opened.data.get("origin") == "proactive" else opened.at


def _replies(ticket: Entity, until: datetime) -> int:
    return sum(1 for f in ticket.facts if human(f) and f.at <= until)


def _timed(ticket: Entity, kind: str, cycle: int, begun: datetime, done: datetime) -> Row:
    ended = (c for c in clocks(ticket) if (c.kind, c.cycle) == (kind, cycle))
    return _row(ticket, begun, done, next((c.elapsed_s for c in ended), None))


def _row(ticket: Entity, begun: datetime, done: datetime, business: int | None) -> Row:
    values = {"wall_s": int((done - begun) / SECOND)}
    if business is not None:
        values["business_s"] = business
    return Row(day_of(done), dims_of(ticket), values, ticket.customer)


def _elapsed(ticket: Entity, kind: str, at: datetime) -> int | None:
    """Return what a clock of this kind that ended at this moment took: one cycle may have many."""
    ended = (f for f in ticket.facts if f.type in ("SlaTargetMet", "SlaClockStopped") and f.at == at)
    return next((int(f.data["elapsed_s"]) for f in ended if f.data["kind"] == kind), None)


def _held_for_customer(ticket: Entity, since: datetime, to: datetime) -> float:
    held, begun = 0.0, None
    for fact in ticket.facts:
        if not since <= fact.at <= to:
            continue
        if begun and fact.type in ("TicketHeld", "TicketResumed", "TicketResolved"):
            held, begun = held + (fact.at - begun) / SECOND, None
        if fact.type == "TicketHeld" and fact.data["waiting_on"] == "customer":
            begun = fact.at
    return held


def _inside(moment: datetime, question: Question) -> bool:
    return question.window.since <= moment < question.window.to
