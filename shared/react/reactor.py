"""React to other services' events with own commands: each once, in the order of its stream."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.consume.chain import ChainBroken, next_in_chain
from shared.consume.source_log import SourceLog
from shared.decide import Context, Streams
from shared.errors import Corrupt, Rejected, Unavailable
from shared.events import Event
from shared.events.clock import Clock, rfc3339
from shared.events.event import Meta
from shared.privacy import Vault
from shared.privacy.sealing import is_sealed
from shared.receive.heard import Instruct
from shared.receive.plan import Plan, Working
from shared.store.port import Commit, Done, Exists, Store
from shared.store.write import Insert, Put
from shared.telemetry import metrics

# (event) -> instructions; a service that plans by itself may tell its functions more.
React = Callable[..., Sequence[Instruct]]
# Plan reactions that have to look something up first: (opened events, read everything anew) -> one each.
PlanEvents = Callable[[Sequence[Event], bool], "list[Plan | Rejected]"]
REACTED, MARKS, REFUSED = "reacted", "reaction_marks", "refused_reactions"
PAGE, ROUNDS = 500, 8
log = logging.getLogger(__name__)


class Reactor:
    """Follows the logs of other services, partition by partition.

    The queue is a chain: what it lost is read from the source's log. What an event causes here
    and the note that it was reacted to commit together, so a batch that comes again changes nothing
    (tests/contract/test_reactor.py). A reaction the domain refuses is noted with its reason and holds nothing
    up. Who follows a source for the first time begins at the end of its log: history is not reacted to.
    """

    def __init__(
        self,
        service: str,
        store: Store,
        vault: Vault,
        streams: Mapping[str, Streams[Any]],
        reactions: Mapping[str, React],
        sources: Mapping[str, SourceLog],
        clock: Clock,
        plan: PlanEvents | None = None,
    ) -> None:
        self._service, self._store, self._vault, self._streams = service, store, vault, streams
        self._reactions, self._sources, self._clock = reactions, sources, clock
        self._plans = plan or self._by_table

    def prepare(self) -> None:
        """Begin at the end of every log that is followed for the first time.

        A source that is away is begun with when it is first reached: nobody waits for it to start.
        """
        for name in self._sources:
            try:
                self._begin(name)
            except Unavailable as error:
                log.warning("%s will be followed when it answers: %s", name, error)

    def _begin(self, source: str) -> None:
        if not self._store.fetch(MARKS, [f"{source}.0"]):
            tails = enumerate(self._sources[source].head().tails)
            writes = tuple(Put(MARKS, {"_id": f"{source}.{p}", "position": tail}) for p, tail in tails)
            self._store.commit([Commit((), writes)])

    def receive(self, source: str, partition: int, events: Sequence[Event]) -> None:
        """React to a delivered batch of one partition; a gap before it is read from the log first."""
        try:
            self._react(source, partition, events)
        except ChainBroken:
            self.fill(source, partition)
            try:
                self._react(source, partition, events)
            except ChainBroken as broken:
                raise Unavailable(
                    f"the log of {source} does not reach {broken.event.position} yet"
                ) from broken

    def fill(self, source: str, partition: int) -> None:
        """React to everything the source's log holds after the mark."""
        mark = self._mark(source, partition)
        while page := self._sources[source].read(mark, PAGE, partition):
            self._react(source, partition, page)
            mark = page[-1].position

    def audit(self, source: str) -> None:
        """Compare the marks with the head of the source's log and fill what is missing."""
        for partition, tail in enumerate(self._sources[source].head().tails):
            if self._mark(source, partition) < tail:
                self.fill(source, partition)

    def _mark(self, source: str, partition: int) -> int:
        key = f"{source}.{partition}"
        found = self._store.fetch(MARKS, [key])
        if not found:
            self._begin(source)
            found = self._store.fetch(MARKS, [key])
        return int(found.get(key, {}).get("position", 0))

    def _react(self, source: str, partition: int, events: Iterable[Event]) -> None:
        fresh = list(next_in_chain(self._mark(source, partition), events))
        waiting = [self._opened(e) for e in fresh if e.full_type in self._reactions]
        for attempt in range(ROUNDS):
            if not waiting:
                break
            waiting = self._isolated(waiting, fresh=attempt > 0)
        if waiting:
            raise Unavailable(f"{len(waiting)} reactions meet other writers again and again")
        if fresh:
            mark = Put(MARKS, {"_id": f"{source}.{partition}", "position": fresh[-1].position})
            self._store.commit([Commit((), (mark,))])

    def _isolated(self, events: list[Event], fresh: bool) -> list[Event]:
        """Do a round; an event that breaks the code is found, noted and counted, and holds nothing up."""
        try:
            return self._round(events, fresh)
        except (Unavailable, Corrupt):
            raise
        except Exception as error:
            if len(events) > 1:
                return [e for event in events for e in self._isolated([event], fresh=True)]
            metrics.LOOP_FAILURES.labels("react").inc()
            log.exception("no reaction to %s", events[0].id)
            self._store.commit([_commit(events[0], Rejected(type(error).__name__), self._now())])
            return []

    def _round(self, events: list[Event], fresh: bool) -> list[Event]:
        plans = self._plans(events, fresh)
        outcomes = self._store.commit(
            [_commit(e, plan, self._now()) for e, plan in zip(events, plans, strict=True)]
        )
        for plan, outcome in zip(plans, outcomes, strict=True):
            _keep(plan, done=isinstance(outcome, Done) and not outcome.repeated)
        known = [isinstance(o, Done) or (isinstance(o, Exists) and o.collection == REACTED) for o in outcomes]
        return [e for e, settled in zip(events, known, strict=True) if not settled]

    def _by_table(self, events: Sequence[Event], fresh: bool) -> list[Plan | Rejected]:
        instructions = [self._reactions[e.full_type](e) for e in events]
        working = Working(self._service, self._streams, fresh)
        working.read(i for several in instructions for i in several)
        return [self._plan(e, several, working) for e, several in zip(events, instructions, strict=True)]

    def _plan(self, event: Event, instructions: Sequence[Instruct], working: Working) -> Plan | Rejected:
        try:
            return working.decide_in(context_of(event, self._service), instructions)
        except Rejected as error:
            return error

    def _opened(self, event: Event) -> Event:
        sealed = [(v, event.stream, name) for name, v in event.data.items() if is_sealed(v)]
        texts = dict(zip([name for _, _, name in sealed], self._vault.open_many(sealed), strict=True))
        return replace(event, data={**event.data, **texts}) if sealed else event

    def _now(self) -> str:
        return rfc3339(self._clock())


def context_of(event: Event, service: str) -> Context:
    """Return the context of commands that an event causes here: same correlation, caused by the event."""
    meta = Meta(
        command_id=f"{service}<{event.id}",
        correlation_id=event.meta.correlation_id,
        causation_id=event.id,
        actor=f"system:{event.service}",
        channel=event.meta.channel,
        customer=event.meta.customer,
        traceparent=event.meta.traceparent,
    )
    return Context(event.recorded_at, meta)


def _commit(event: Event, plan: Plan | Rejected, at: str) -> Commit:
    noted = Insert(REACTED, {"_id": event.id})
    if isinstance(plan, Rejected):
        told = {
            "_id": event.id,
            "type": event.full_type,
            "stream": event.stream,
            "reason": str(plan),
            "at": at,
        }
        return Commit((), (noted, Put(REFUSED, told)))
    return Commit(tuple(plan.appends), (*plan.writes, noted))


def _keep(plan: Plan | Rejected, *, done: bool) -> None:
    if isinstance(plan, Plan):
        for streams, key, after in plan.states:
            streams.keep(key, after) if done else streams.drop([key])
