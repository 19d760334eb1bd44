"""React to other services' events with own commands: each once, in the order of its stream."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from threading import RLock
from typing import Any

from shared.consume.chain import ChainBroken, next_in_chain
from shared.consume.source_log import SourceLog
from shared.decide import Streams
from shared.errors import Corrupt, Rejected, Unavailable
from shared.events import Event
from shared.events.clock import Clock, rfc3339
from shared.privacy import Vault
from shared.react.by_table import ByTable, React
from shared.react.marks import MARKS, Marks, Place
from shared.react.opening import opened
from shared.receive.plan import Plan
from shared.store.port import Changed, Commit, Done, Store
from shared.store.write import Put, Write, collapsed
from shared.telemetry import metrics

# Plan reactions that have to look something up first: (opened events, read everything anew) -> one each;
# None where an event means nothing here, whatever the state.
PlanEvents = Callable[[Sequence[Event], bool], "Sequence[Plan | Rejected | None]"]
REFUSED = "refused_reactions"
PAGE, ROUNDS, TOGETHER = 500, 8, 3
log = logging.getLogger(__name__)


class _Overtaken(Exception):
    """Another process has reacted to this partition in the meantime."""


class Reactor:
    """Follows the logs of other services, partition by partition.

    The queue is a chain: what it lost is read from the source's log. What a batch causes here and the mark of
    how far it reaches commit together, so a batch that comes again, or to two processes, is reacted to once
    (tests/contract/test_reactor.py). A reaction the domain refuses is noted with its reason and holds nothing
    up. Who follows a source for the first time begins at the end of its log: history is not reacted to.
    Sealed values are opened, but for the types in `sealed`: their reactions read none.
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
        sealed: Collection[str] = (),
    ) -> None:
        self._store, self._vault, self._sources, self._clock = store, vault, sources, clock
        self._reactions, self._sealed = reactions, frozenset(sealed)
        self._plans = plan or ByTable(service, streams, reactions)
        self._marks = Marks(store, sources)
        self._turns: defaultdict[Place, Any] = defaultdict(RLock)

    def prepare(self) -> None:
        """Begin at the end of every log that is followed for the first time.

        A source that is away is begun with when it is first reached: nobody waits for it to start.
        """
        for name in self._sources:
            try:
                self._marks.begin(name)
            except Unavailable as error:
                log.warning("%s will be followed when it answers: %s", name, error)

    def receive(self, source: str, partition: int, events: Sequence[Event]) -> None:
        """React to a delivered batch of one partition; a gap before it is read from the log first."""
        try:
            self._react((source, partition), events)
        except ChainBroken:
            self.fill(source, partition)
            try:
                self._react((source, partition), events)
            except ChainBroken as broken:
                raise Unavailable(
                    f"the log of {source} does not reach {broken.event.position} yet"
                ) from broken

    def fill(self, source: str, partition: int) -> None:
        """React to everything the source's log holds after the mark."""
        while page := self._sources[source].read(self._marks.at((source, partition)), PAGE, partition):
            self._react((source, partition), page)

    def audit(self, source: str) -> None:
        """Compare the marks with the head of the source's log and fill what is missing."""
        self._marks.write()
        for partition, tail in enumerate(self._sources[source].head().tails):
            if self._marks.at((source, partition)) < tail:
                self._marks.forget((source, partition))  # another process may have followed it
                self.fill(source, partition)

    def _react(self, place: Place, events: Iterable[Event]) -> None:
        known = list(events)
        with self._turns[place]:  # the audit and the queue may bring the same events at once
            for _ in range(ROUNDS):
                try:
                    return self._follow(place, list(next_in_chain(self._marks.at(place), known)))
                except _Overtaken:
                    self._marks.forget(place)
            raise Unavailable(f"{place} is followed by another process too")

    def _follow(self, place: Place, fresh: Sequence[Event]) -> None:
        heard = [e for e in fresh if e.full_type in self._reactions]
        if heard:
            self._isolated(place, opened(self._vault, heard, self._sealed))
        if fresh and self._marks.at(place) < fresh[-1].position:
            self._marks.pass_over(place, fresh[-1].position)

    def _isolated(self, place: Place, events: list[Event]) -> None:
        """React at once; where that fails one by one, so that one event holds nothing up.

        An event that breaks the code is found, noted and counted.
        """
        try:
            self._together(place, events, ROUNDS if len(events) == 1 else TOGETHER)
        except (Corrupt, _Overtaken):
            raise
        except Exception as error:
            if len(events) > 1:
                for event in events:
                    self._isolated(place, [event])
                return
            if isinstance(error, Unavailable):
                raise
            metrics.LOOP_FAILURES.labels("react").inc()
            log.exception("no reaction to %s", events[0].id)
            told = refused(events[0], Rejected(type(error).__name__), self._clock)
            self._commit(place, events[0].position, [], [told])

    def _together(self, place: Place, events: list[Event], rounds: int) -> None:
        """Plan and commit a batch with its mark. Raises Unavailable when others change it again and again."""
        for attempt in range(rounds):
            plans = self._plans(events, attempt > 0)
            pairs = zip(events, plans, strict=True)
            writes = [w for e, plan in pairs for w in _writes(e, plan, self._clock)]
            made = [plan for plan in plans if isinstance(plan, Plan)]
            idle = all(plan is None for plan in plans)
            if idle or self._commit(place, events[-1].position, made, writes):
                return
        raise Unavailable(f"{len(events)} reactions meet other writers again and again")

    def _commit(self, place: Place, position: int, plans: Sequence[Plan], writes: Sequence[Write]) -> bool:
        appends = tuple(append for plan in plans for append in plan.appends)
        commit = Commit(appends, (*collapsed(writes), self._marks.moved(place, position)))
        (outcome,) = self._store.commit([commit])
        done = isinstance(outcome, Done)
        new = isinstance(outcome, Done) and not outcome.repeated
        for streams, key, after in (state for plan in plans for state in plan.states):
            streams.keep(key, after) if new else streams.drop([key])
        if isinstance(outcome, Changed) and outcome.collection == MARKS:
            raise _Overtaken
        if done:
            self._marks.stored(place, position)
        return done


def refused(event: Event, reason: Rejected, clock: Clock) -> Put:
    """Return the note that the domain refused a reaction."""
    told = {"type": event.full_type, "stream": event.stream, "reason": str(reason), "at": rfc3339(clock())}
    return Put(REFUSED, {"_id": event.id, **told})


def _writes(event: Event, plan: Plan | Rejected | None, clock: Clock) -> Sequence[Write]:
    if isinstance(plan, Rejected):
        return [refused(event, plan, clock)]
    return plan.writes if plan else ()
