"""Promise: a day of delivery that was promised for an order; kept, off, or missed when the day has passed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from shared.days import end_of
from shared.decide.decider import Decider, Elapsed
from shared.values import Id

PASSES = "passes"


@dataclass(frozen=True, slots=True)
class WatchPromise:
    """Mind the day the customer was told; `event_id` is the event that says so."""

    order_id: Id
    promised_on: date
    event_id: Id


@dataclass(frozen=True, slots=True)
class EndWatch:
    """The order arrived or is off."""

    order_id: Id
    because: Literal["delivered", "cancelled"]


@dataclass(frozen=True, slots=True)
class PromiseWatched:
    """The day is minded from now on; it replaces one that was promised before."""

    order_id: Id
    promised_on: date
    event_id: Id


@dataclass(frozen=True, slots=True)
class PromiseEnded:
    """Nothing is to be minded any more."""

    order_id: Id
    because: Literal["delivered", "cancelled"]


@dataclass(frozen=True, slots=True)
class PromiseMissed:
    """The day has passed, and the order has not arrived."""

    order_id: Id
    promised_on: date
    event_id: Id


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised last for an order."""

    status: Literal["unknown", "watched", "missed", "delivered", "cancelled"] = "unknown"
    watched: PromiseWatched | None = None


def decide(promise: Promise, command: Any) -> list[Any]:
    """Return what the command brings about; facts of one order may come in any order."""
    match command:
        case WatchPromise(order_id, promised_on, event_id):
            watched = PromiseWatched(order_id, promised_on, event_id)
            over = promise.status in ("delivered", "cancelled") or watched == promise.watched
            return [] if over else [watched]
        case EndWatch(order_id, because):
            over = promise.status in ("delivered", "cancelled")
            return [] if over else [PromiseEnded(order_id, because)]
        case Elapsed(timer, at) if promise.watched and timers(promise).get(timer) == at:
            known = promise.watched
            return [PromiseMissed(known.order_id, known.promised_on, known.event_id)]
    return []


def timers(promise: Promise) -> dict[str, datetime]:
    """Return when the promised day has passed: at the end of it, in UTC."""
    if promise.status != "watched" or promise.watched is None:
        return {}
    return {PASSES: end_of(promise.watched.promised_on)}


EVOLVE: dict[type, Callable[[Promise, Any], Promise]] = {
    PromiseWatched: lambda _, e: Promise("watched", e),
    PromiseEnded: lambda promise, e: replace(promise, status=e.because),
    PromiseMissed: lambda promise, _: replace(promise, status="missed"),
}

PROMISE = Decider(
    category="promise",
    service="support",
    initial=Promise(),
    decide=decide,
    evolve=lambda promise, event: EVOLVE[type(event)](promise, event),
    events=tuple(EVOLVE),
    timers=timers,
)
