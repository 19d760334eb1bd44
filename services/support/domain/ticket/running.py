"""Start, pause, resume, stop, cancel and breach the clocks of a ticket: each as the events that say so."""

from datetime import datetime
from typing import Any, Literal, cast

from services.support.domain.policy import PolicyInForce
from services.support.domain.terms import ClockKind
from services.support.domain.ticket.clock import Clock, due
from services.support.domain.ticket.clock_events import (
    SlaClockCancelled,
    SlaClockPaused,
    SlaClockResumed,
    SlaClockStarted,
    SlaClockStopped,
    SlaTargetBreached,
    SlaTargetMet,
)
from services.support.domain.ticket.state import Ticket

Events = list[Any]
Why = Literal["merged", "spam", "resolved", "policy"]


def breaches(ticket: Ticket, at: datetime, due_now: bool) -> Events:
    """Return the breaches of clocks that were due before `at`, or at it, with their due time (T-4)."""
    waiting = [(c.awaited, c) for c in ticket.clocks.values() if c.awaited]
    late = [
        (due, c) for due, c in waiting if due < at or (due == at and (due_now or c.elapsed_s > c.target_s))
    ]
    return [
        SlaTargetBreached(ticket.ticket_id, c.kind, c.cycle, due)
        for due, c in sorted(late, key=lambda one: one[0])
    ]


def live(ticket: Ticket, *kinds: str) -> list[Clock]:
    """Return the clocks by which something is owed, of these kinds or all."""
    return [c for c in ticket.clocks.values() if c.live and (not kinds or c.kind in kinds)]


def promised(ticket: Ticket) -> PolicyInForce:
    """Return the policy of a ticket that has one."""
    return cast(PolicyInForce, ticket.policy)


def start(ticket: Ticket, kind: ClockKind, at: datetime, elapsed_s: int = 0) -> Events:
    """Return the start of a clock, where the policy has a target and none runs."""
    policy = promised(ticket)
    target = policy.terms.target(ticket.priority, kind)
    if target is None or live(ticket, kind):
        return []
    until = due(policy.hours, at, target, elapsed_s)
    versions = (policy.policy_id, policy.version, policy.hours.version)
    return [SlaClockStarted(ticket.ticket_id, kind, ticket.cycle, *versions, target, at, until, elapsed_s)]


def stop(ticket: Ticket, at: datetime, *kinds: str) -> Events:
    """Return how the clocks end: target met, or done after the breach."""
    hours = promised(ticket).hours
    return [
        (SlaClockStopped if c.breached else SlaTargetMet)(
            ticket.ticket_id, c.kind, c.cycle, c.consumed(hours, at), at
        )
        for c in live(ticket, *kinds)
    ]


def cancel(ticket: Ticket, reason: Why, at: datetime, *kinds: str) -> Events:
    """Return the end of clocks by which nothing is owed any more."""
    return [SlaClockCancelled(ticket.ticket_id, c.kind, c.cycle, reason, at) for c in live(ticket, *kinds)]


def pause(ticket: Ticket, reason: str, at: datetime) -> Events:
    """Return the pause of the resolution clock, if it runs."""
    hours = promised(ticket).hours
    return [
        SlaClockPaused(ticket.ticket_id, c.kind, c.cycle, c.consumed(hours, at), reason, at)
        for c in live(ticket, "resolution")
        if c.status == "running"
    ]


def resume(ticket: Ticket, at: datetime) -> Events:
    """Return how paused clocks go on: due after what is left of their target."""
    hours = promised(ticket).hours
    return [
        SlaClockResumed(ticket.ticket_id, c.kind, c.cycle, at, due(hours, at, c.target_s, c.elapsed_s))
        for c in live(ticket)
        if c.status == "paused"
    ]
