"""A rule tried on past events: the cases it would have raised, by the watches that raise them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from services.support.domain.case import case_of
from services.support.domain.rule import Rule
from services.support.domain.watch import WAITS, WATCH, RuleMet, Watch
from services.support.rules import Root, seen
from shared.decide.decider import Elapsed
from shared.events import Event


@dataclass(frozen=True, slots=True)
class Found:
    """A case that would have been raised: when, about whom, and on which events."""

    case_id: str
    at: datetime
    customer: str | None
    order_id: str | None
    evidence_event_ids: tuple[str, ...]


class Rehearsal:
    """Hears events in the order in which they were recorded; `found` are the cases, `heard` what counted."""

    def __init__(self, rule: Rule, root: Root) -> None:
        self._rule, self._root = rule, root
        self._watches: dict[str, Watch] = {}
        self._customers: dict[str, str | None] = {}
        self._dues: list[tuple[datetime, str]] = []
        self.found: dict[str, Found] = {}
        self.heard = 0

    @property
    def waiting(self) -> int:
        """How many watches are to be met by and by, if nothing clears them."""
        return sum(watch.due_at is not None for watch in self._watches.values())

    def hear(self, events: Iterable[Event], until: datetime) -> None:
        """Hear events, and let the time pass up to a moment."""
        for event in events:
            self._pass_time(event.recorded_at)
            for instruct in seen(self._rule, event, self._root):
                self.heard += 1
                self._customers[instruct.key] = event.meta.customer
                self._give(instruct.key, instruct.command, event.recorded_at)
        self._pass_time(until)

    def _pass_time(self, until: datetime) -> None:
        while self._dues and self._dues[0][0] <= until:
            due, key = heappop(self._dues)
            awaited = self._watches[key].due_at
            if awaited and awaited <= due:
                self._give(key, Elapsed(WAITS, awaited), due)

    def _give(self, key: str, command: Any, at: datetime) -> None:
        watch = self._watches.get(key, WATCH.initial)
        for happened in WATCH.decide(watch, command):
            watch = WATCH.evolve(watch, happened)
            if isinstance(happened, RuleMet):
                self._raise(happened, key, at)
        self._watches[key] = watch
        if watch.due_at:
            heappush(self._dues, (max(watch.due_at, at), key))

    def _raise(self, met: RuleMet, key: str, at: datetime) -> None:
        case_id = case_of(met.rule_id, met.evidence_event_ids)
        told = (self._customers[key], met.order_id, met.evidence_event_ids)
        self.found.setdefault(case_id, Found(case_id, at, *told))
