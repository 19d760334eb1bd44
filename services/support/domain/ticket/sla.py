"""What happens to the clocks when something happens to the ticket: derived from the policy alone."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from services.support.domain.ticket.clock import due
from services.support.domain.ticket.clock_events import (
    SlaPolicyApplied,
    SlaPolicyChanged,
    SlaTargetBreached,
)
from services.support.domain.ticket.events import (
    WROTE,
    CustomerMessageReceived,
    PriorityChanged,
    ReplySent,
    TicketEscalated,
    TicketHeld,
    TicketMarkedSpam,
    TicketReopened,
    TicketResolved,
    TicketResumed,
)
from services.support.domain.ticket.joining_events import TicketsMerged
from services.support.domain.ticket.running import (
    breaches,
    cancel,
    live,
    pause,
    promised,
    resume,
    start,
    stop,
)
from services.support.domain.ticket.state import Ticket, evolve

Events = list[Any]


def followed(ticket: Ticket, events: Sequence[Any], at: datetime, *, due_now: bool = False) -> Events:
    """Return the events with what they do to the clocks, after the breaches that were due before (T-4)."""
    answer: Events = []
    for breach in breaches(ticket, at, due_now):
        for event in (breach, *_escalated(ticket, breach)):
            ticket = evolve(ticket, event)
            answer.append(event)
    for event in events:
        before, ticket = ticket, evolve(ticket, event)
        rule = RULES.get(type(event), _nothing) if ticket.policy else _nothing
        moves = rule(before, ticket, event, at)
        for move in moves:
            ticket = evolve(ticket, move)
        answer += [event, *moves]
    return answer


def _escalated(ticket: Ticket, breach: SlaTargetBreached) -> Events:
    """A breach takes the ticket as high as the policy says, if it is not that high already."""
    level = promised(ticket).terms.level_after(breach.kind)
    reason = f"{breach.kind}_breached"
    return [TicketEscalated(breach.ticket_id, level, reason)] if level > ticket.level else []


def _nothing(_before: Ticket, _after: Ticket, _event: Any, _at: datetime) -> Events:
    return []


def _applied(before: Ticket, after: Ticket, _: SlaPolicyApplied, at: datetime) -> Events:
    """Clocks that run get their new target; those a first policy promises start with it."""
    changed = list(_retargeted(before, after, at))
    if before.policy is not None or not after.active:
        return changed
    asked = after.opened is not None and after.opened.origin != "proactive" and not after.answered
    first = start(after, "first_response", at) if asked else []
    return [*first, *start(after, "resolution", at)]


def _retargeted(before: Ticket, after: Ticket, at: datetime) -> Iterator[Any]:
    """T-5: the consumed time, measured by the hours that were in force, counts against the new target."""
    if before.policy is None:
        return
    old, new = before.policy, promised(after)
    for clock in live(before):
        target = new.terms.target(after.priority, clock.kind)
        if target is None:
            yield from cancel(before, "policy", at, clock.kind)
            continue
        used = clock.consumed(old.hours, at)
        until = due(new.hours, at, target, used) if clock.status == "running" else None
        named = (after.ticket_id, clock.kind, clock.cycle)
        to = (new.policy_id, new.version, new.hours.version)
        yield SlaPolicyChanged(*named, old.policy_id, *to, clock.target_s, target, used, at, until)


def _prioritised(before: Ticket, after: Ticket, _: PriorityChanged, at: datetime) -> Events:
    return list(_retargeted(before, after, at))


def _wrote(_: Ticket, after: Ticket, _event: CustomerMessageReceived, at: datetime) -> Events:
    """T-2, T-3: the first response is not overruled; a ticket we opened awaits it from the first message."""
    if not after.active:
        return []
    if not after.answered and "first_response" not in after.clocks:
        return start(after, "first_response", at) or start(after, "next_response", at)
    return [] if live(after, "first_response") else start(after, "next_response", at)


def _replied(_: Ticket, after: Ticket, event: ReplySent, at: datetime) -> Events:
    """T-2: a public answer of a person is the response."""
    return stop(after, at, "first_response", "next_response") if event.public and not event.automatic else []


def _held(_: Ticket, after: Ticket, event: TicketHeld, at: datetime) -> Events:
    """T-1: waiting on the customer pauses, and what else the policy names."""
    if not promised(after).terms.pauses(event.waiting_on):
        return resume(after, at)
    return pause(after, f"waiting_on_{event.waiting_on}", at)


def _resumed(_: Ticket, after: Ticket, _event: TicketResumed, at: datetime) -> Events:
    return resume(after, at)


def _resolved(_: Ticket, after: Ticket, _event: TicketResolved, at: datetime) -> Events:
    """T-3: the next response is owed no more; a first one that nobody gave is measured from a reopening."""
    return [
        *stop(after, at, "next_response", "resolution"),
        *cancel(after, "resolved", at, "first_response"),
    ]


def _reopened(before: Ticket, after: Ticket, event: TicketReopened, at: datetime) -> Events:
    """T-6: the resolution clock continues or restarts; the response is measured from the reopening."""
    former = before.clocks.get("resolution")
    goes_on = former is not None and promised(after).terms.on_reopen == "continue"
    resolution = start(after, "resolution", at, former.elapsed_s if former and goes_on else 0)
    if not before.answered:
        return [*start(after, "first_response", at), *resolution]
    return [*(start(after, "next_response", at) if event.cause == WROTE else []), *resolution]


RULES: dict[type, Callable[[Ticket, Ticket, Any, datetime], Events]] = {
    SlaPolicyApplied: _applied,
    PriorityChanged: _prioritised,
    CustomerMessageReceived: _wrote,
    ReplySent: _replied,
    TicketHeld: _held,
    TicketResumed: _resumed,
    TicketResolved: _resolved,
    TicketReopened: _reopened,
    TicketMarkedSpam: lambda _, after, __, at: cancel(after, "spam", at),
    TicketsMerged: lambda _, after, __, at: cancel(after, "merged", at),
}
