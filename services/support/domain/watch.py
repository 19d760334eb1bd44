"""Watch: what a rule has seen of one customer, order or other subject, until it raises a case."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.support.domain.case import Evidence
from services.support.domain.rule import Rule
from shared.decide.decider import Decider, Elapsed
from shared.events.ids import derived
from shared.values import Code, Id, Positive

WAITS = "waits"


def watch_of(rule_id: str, subject: str) -> str:
    """Return the id of the one watch a rule keeps of a subject."""
    return derived("watch", rule_id, subject)


@dataclass(frozen=True, slots=True)
class NoteEvidence:
    """Count an event the rule looks for; `event_ids` are its own and those it names."""

    watch_id: Id
    rule: Rule
    event_ids: Evidence
    at: datetime
    order_id: Id | None = None


@dataclass(frozen=True, slots=True)
class ClearEvidence:
    """Count anew: what the rule is not to see has happened."""

    watch_id: Id
    rule: Rule
    at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceNoted:
    """The rule saw an event it looks for; with `due_at` it is met then, if nothing clears it."""

    watch_id: Id
    rule_id: Code
    rule_version: Positive
    event_ids: Evidence
    seen_at: datetime
    due_at: datetime | None = None
    order_id: Id | None = None


@dataclass(frozen=True, slots=True)
class EvidenceCleared:
    """What was seen up to then counts no more."""

    watch_id: Id
    rule_id: Code
    cleared_at: datetime


@dataclass(frozen=True, slots=True)
class RuleMet:
    """The rule has seen enough: these events mean that somebody will need help."""

    watch_id: Id
    rule_id: Code
    rule_version: Positive
    evidence_event_ids: Evidence
    order_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What counts by now, oldest first, and when the last thing happened that made it count anew."""

    noted: tuple[EvidenceNoted, ...] = ()
    cleared_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When the rule is met, if nothing happens before."""
        return self.noted[-1].due_at if self.noted else None


def _note(watch: Watch, command: NoteEvidence) -> list[Any]:
    """Facts may come late: what was cleared before it was heard of counts as little as what comes twice."""
    seen = any(command.event_ids[0] in noted.event_ids for noted in watch.noted)
    if seen or (watch.cleared_at and command.at <= watch.cleared_at):
        return []
    rule, trigger = command.rule, command.rule.trigger
    known = (command.watch_id, rule.rule_id, rule.version)
    counted = _counted(watch, command)
    event_ids = tuple(dict.fromkeys([*(i for noted in counted for i in noted.event_ids), *command.event_ids]))
    if len(counted) + 1 < trigger.times:
        return [EvidenceNoted(*known, command.event_ids, command.at, None, command.order_id)]
    if not trigger.wait_s:
        return [RuleMet(*known, event_ids, command.order_id)]
    due = command.at + timedelta(seconds=trigger.wait_s)
    return [EvidenceNoted(*known, event_ids, command.at, due, command.order_id)]


def _counted(watch: Watch, command: NoteEvidence) -> tuple[EvidenceNoted, ...]:
    """What goes together with the new event: the same version of the rule, and near enough in time."""
    window = timedelta(seconds=command.rule.trigger.within_s)
    same = [n for n in watch.noted if n.rule_version == command.rule.version]
    near = [n for n in same if not window or abs(command.at - n.seen_at) <= window]
    return tuple(near)[-(command.rule.trigger.times - 1) :] if command.rule.trigger.times > 1 else ()


def _clear(watch: Watch, command: ClearEvidence) -> list[Any]:
    """An absence that is waited for is remembered: the event it ends may be heard of later."""
    counts = any(noted.seen_at <= command.at for noted in watch.noted)
    newer = watch.cleared_at is None or command.at > watch.cleared_at
    if not (counts or (command.rule.trigger.wait_s and newer)):
        return []
    return [EvidenceCleared(command.watch_id, command.rule.rule_id, command.at)]


def _elapsed(watch: Watch, command: Elapsed) -> list[Any]:
    """Nothing happened in time that would have cleared what was seen."""
    if timers(watch).get(command.timer) != command.at:
        return []
    last = watch.noted[-1]
    return [RuleMet(last.watch_id, last.rule_id, last.rule_version, last.event_ids, last.order_id)]


DECIDE: dict[type, Callable[[Watch, Any], list[Any]]] = {
    NoteEvidence: _note,
    ClearEvidence: _clear,
    Elapsed: _elapsed,
}


def _cleared(watch: Watch, event: EvidenceCleared) -> Watch:
    last = max(event.cleared_at, watch.cleared_at or event.cleared_at)
    return Watch(tuple(n for n in watch.noted if n.seen_at > event.cleared_at), last)


EVOLVE: dict[type, Callable[[Watch, Any], Watch]] = {
    EvidenceNoted: lambda watch, e: replace(watch, noted=(*watch.noted, e)[-20:]),
    EvidenceCleared: _cleared,
    RuleMet: lambda watch, _: replace(watch, noted=()),
}


def timers(watch: Watch) -> dict[str, datetime]:
    """Return when a rule that waits is met."""
    return {WAITS: watch.due_at} if watch.due_at else {}


WATCH = Decider(
    category="watch",
    service="support",
    initial=Watch(),
    decide=lambda watch, command: DECIDE[type(command)](watch, command),
    evolve=lambda watch, event: EVOLVE[type(event)](watch, event),
    events=tuple(EVOLVE),
    timers=timers,
)
