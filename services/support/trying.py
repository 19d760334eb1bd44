"""POST /v1/what-if/rule: which cases would a rule have raised of what happened so far?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from heapq import merge
from typing import Any

from services.support.domain.rule import Rule, Trigger, wrong
from services.support.reactions import SEALED
from services.support.rehearsing import Rehearsal
from services.support.rules import Root
from shared.consume.source_log import SourceHead, SourceLog
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data, to_data
from shared.errors import Invalid
from shared.events import Event
from shared.events.clock import Clock
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.privacy import Vault
from shared.react.opening import opened
from shared.store.lots import in_lots

PAGE, SHOWN = 500, 100
MOST = 50_000  # the newest events of each service that are looked through: an answer within half a minute
TRIED = "tried"


@dataclass(frozen=True, slots=True)
class TryTrigger:
    """This trigger on what was recorded since a moment; without one, on all that is looked through."""

    trigger: Trigger
    since: datetime | None = None


Heads = Mapping[str, SourceHead]
Body = schema_class(TryTrigger)


class TryRule:
    """Tries rules on the logs of the services that their events are of; nothing is kept of it."""

    def __init__(self, logs: Mapping[str, SourceLog], vault: Vault, root: Root, clock: Clock) -> None:
        self._logs, self._vault, self._root, self._clock = logs, vault, root, clock

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route("POST", "/v1/what-if/rule", self.rule, "support:read", body=Body,
                  options=Options(idempotent=False),
                  summary="Try a rule on past events: the cases it would have raised"),
        ]  # fmt: skip

    def rule(self, request: Request) -> dict[str, Any]:
        """Return the cases. Raises Invalid, and Unavailable when a service does not answer."""
        asked, until = from_data(TryTrigger, Body().dump(request.body)), self._clock()
        if errors := wrong(asked.trigger):
            raise Invalid(*errors)
        rehearsal = Rehearsal(Rule(TRIED, 1, "", asked.trigger), cache(self._root))
        heads = {name: self._logs[name].head() for name in services_of(asked.trigger)}
        reached = (self._reached(name, head) for name, head in heads.items())
        since = max((at for at in (*reached, asked.since) if at), default=None)
        rehearsal.hear(self._events(asked.trigger, heads, since), until)
        return {**told(rehearsal), "since": since, "until": until}

    def _reached(self, name: str, head: SourceHead) -> datetime | None:
        """Return when the oldest event was recorded that is looked at, None where all are."""
        if head.position <= MOST:
            return None
        firsts = [self._logs[name].read(head.position - MOST, 1, p) for p in range(len(head.tails))]
        return min((found[0].recorded_at for found in firsts if found), default=None)

    def _events(self, trigger: Trigger, heads: Heads, since: datetime | None) -> Iterator[Event]:
        """Yield the events of the rule's types in the order in which they were recorded."""
        places = [(name, head, p) for name, head in heads.items() for p in range(len(head.tails))]
        logs = (self._read(name, max(0, head.position - MOST), p) for name, head, p in places)
        wanted = {pattern.event for pattern in (trigger.when, trigger.unless) if pattern}
        found = merge(*logs, key=lambda event: (event.recorded_at, event.service, event.position))
        fit = (e for e in found if e.full_type in wanted and (since is None or e.recorded_at >= since))
        for lot in in_lots(fit, PAGE):
            yield from opened(self._vault, lot, SEALED)

    def _read(self, name: str, after: int, partition: int) -> Iterator[Event]:
        while page := self._logs[name].read(after, PAGE, partition):
            yield from page
            after = page[-1].position


def services_of(trigger: Trigger) -> list[str]:
    """Return the services whose events a rule looks at."""
    patterns = (pattern for pattern in (trigger.when, trigger.unless) if pattern)
    return sorted({pattern.event.split(".")[1] for pattern in patterns})


def told(rehearsal: Rehearsal) -> dict[str, Any]:
    """Return what came of a rehearsal, the newest cases by name."""
    newest = sorted(rehearsal.found.values(), key=lambda found: found.at, reverse=True)[:SHOWN]
    cases = {"count": len(rehearsal.found), "newest": [to_data(found) for found in newest]}
    return {"events": rehearsal.heard, "cases": cases, "waiting": rehearsal.waiting}
