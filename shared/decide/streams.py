"""Load, decide, append: the only way from a command to the log."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.contracts.derive import personal_fields
from shared.contracts.payload import to_data
from shared.decide.decider import At, Decider
from shared.decide.facts import Name
from shared.errors import Unavailable, WrongExpectedVersion
from shared.events import Event, Meta, NewEvent
from shared.privacy import Vault
from shared.store.port import Append, Done, Expect, Store, append, unchanged
from shared.store.write import Put, Remove, Write

S = TypeVar("S")
KEPT_STATES = 20_000
TIMERS = "timers"
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Context:
    """When a command happened, and what its events shall say of their origin."""

    occurred_at: datetime
    meta: Meta


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A state, the version it stands at, the customer the stream belongs to, and when its first event was."""

    state: S
    version: int
    customer: str | None = None
    began: datetime | None = None


def list_of(category: str) -> str:
    """Return the collection with the lines of an aggregate."""
    return f"list_{category}"


def follow(decider: Decider[S], key: str, before: Loaded[S], after: Loaded[S]) -> list[Write]:
    """Return the writes by which timers and lists follow a state; they travel with its events."""
    if after.version == before.version:
        return []
    writes = _timers(decider, key, before.state, after.state) if decider.timers else []
    return [*writes, *_line(decider, key, before, after)]


def _line(decider: Decider[S], key: str, before: Loaded[S], after: Loaded[S]) -> list[Write]:
    if decider.summary is None:
        return []
    where, line = list_of(decider.category), decider.summary(after.state)
    if line is not None:
        document = {"shelf": 0, "version": after.version, "customer": after.customer, **to_data(line)}
        document |= {"began": after.began} if decider.dated else {}
        return [Put(where, {"_id": key, **document})]
    return [] if decider.summary(before.state) is None else [Remove(where, key)]


def _timers(decider: Decider[S], key: str, before: S, after: S) -> list[Write]:
    timers = decider.timers or (lambda _: {})
    old, new = timers(before), timers(after)
    writes: list[Write] = [
        Remove(TIMERS, timer_id(decider.category, key, name)) for name in old if name not in new
    ]
    for name, due in new.items():
        if old.get(name) != due:
            place = {"shelf": 0, "category": decider.category, "key": key, "timer": name, "due_at": due}
            writes.append(Put(TIMERS, {"_id": timer_id(decider.category, key, name), **place}))
    return writes


def timer_id(category: str, key: str, name: str) -> str:
    """Return the id of a timer's document."""
    return f"{category}|{key}|{name}"


class Streams(Generic[S]):
    """The streams of one aggregate in one log, with the states used last kept at hand."""

    def __init__(self, store: Store, decider: Decider[S], vault: Vault) -> None:
        self.store, self.decider, self._vault = store, decider, vault
        self._kept: OrderedDict[str, Loaded[S]] = OrderedDict()
        self.peers: Mapping[str, Streams[Any]] = {}
        self.look: Callable[[Sequence[Name]], Sequence[Loaded[Any]]] = _alone

    def load(self, keys: Sequence[str], fresh: bool = False) -> dict[str, Loaded[S]]:
        """Return each aggregate by id; one without events is in its initial state at version 0."""
        wanted = [k for k in dict.fromkeys(keys) if fresh or k not in self._kept]
        found = self.store.read_streams([self.decider.stream(k) for k in wanted]) if wanted else {}
        read = {k: self._folded(found.get(self.decider.stream(k), [])) for k in wanted}
        answer = {k: read[k] if k in read else self._kept[k] for k in dict.fromkeys(keys)}
        for key, loaded in read.items():
            self.keep(key, loaded)
        return answer

    def refresh(self, keys: Sequence[str]) -> dict[str, Loaded[S]]:
        """Return each aggregate as the log has it now; of those at hand only what is new is read."""
        for key in dict.fromkeys(keys):
            if known := self._kept.get(key):
                news = self.store.read_stream(self.decider.stream(key), known.version)
                self.keep(key, self._folded(news, known))
        return self.load(keys)

    def new(self) -> Loaded[S]:
        """Return the state before the first event."""
        return Loaded(self.decider.initial, 0)

    def known(self, key: str) -> Loaded[S] | None:
        """Return the state kept at hand, without asking the log."""
        return self._kept.get(key)

    def decide(self, loaded: Loaded[S], key: str, command: Any, context: Context) -> tuple[Append, Loaded[S]]:
        """Return what to append and the state after it. Raises Rejected or Erased."""
        stream = self.decider.stream(key)
        customer = context.meta.customer or loaded.customer
        meta = replace(context.meta, customer=customer)
        payloads = [
            p if isinstance(p, At) else At(p, context.occurred_at)
            for p in self.decider.decide(loaded.state, command)
        ]
        if payloads and loaded.version and customer and not loaded.customer:
            self._vault.belong(stream, customer)
        events = tuple(self._new(stream, p, meta) for p in payloads)
        state = loaded.state
        for payload in payloads:
            state = self.decider.evolve(state, payload.payload)
        began = loaded.began or next((p.occurred_at for p in payloads), None)
        after = Loaded(state, loaded.version + len(events), loaded.customer or customer, began)
        expected = loaded.version or Expect.NO_STREAM
        return Append(stream, expected, events, f"{context.meta.command_id}:{stream}"), after

    def handle(
        self,
        key: str,
        command: Any,
        context: Context,
        expected: int | None = None,
        writes: Sequence[Write] = (),
    ) -> tuple[Done, Loaded[S]]:
        """Do one command, deciding again when somebody else was first.

        With `expected` (a version the caller saw) a lost race is the caller's: WrongExpectedVersion.
        """
        for _ in range(ATTEMPTS):
            loaded = self.load([key], fresh=True)[key]
            if expected is not None and loaded.version != expected:
                raise WrongExpectedVersion(self.decider.stream(key), expected, loaded.version)
            needs = self.decider.needs(loaded.state, command)
            read = self.look(needs) if needs else ()
            informed = self.decider.informed(command, [found.state for found in read])
            wanted, after = self.decide(loaded, key, informed, context)
            if not wanted.events and not writes:
                return Done(), loaded
            followed = [*writes, *follow(self.decider, key, loaded, after)]
            try:
                done = append(self.store, *self._guarded(wanted, needs, read), writes=followed)
            except WrongExpectedVersion:
                self.drop([key])
                continue
            if done.repeated:
                return done, self.load([key], fresh=True)[key]
            self.keep(key, after)
            return done, after
        raise Unavailable(f"{self.decider.stream(key)} is changing too fast")

    def _guarded(self, wanted: Append, needs: Sequence[Name], read: Sequence[Loaded[Any]]) -> list[Append]:
        """Return the append, if there is one, together with what it was decided on."""
        if not wanted.events:
            return []
        relied = demands(self.peers, dict(zip(needs, read, strict=True)))
        return [wanted, *(d for d in relied if d.stream != wanted.stream)]

    def keep(self, key: str, loaded: Loaded[S]) -> None:
        """Keep a committed state at hand."""
        self._kept[key] = loaded
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT_STATES:
            self._kept.popitem(last=False)

    def drop(self, keys: Sequence[str]) -> None:
        """Forget states that turned out to be old."""
        for key in keys:
            self._kept.pop(key, None)

    def _folded(self, events: list[Event], known: Loaded[S] | None = None) -> Loaded[S]:
        before = known or self.new()
        customer = next((e.meta.customer for e in events if e.meta.customer), None)
        version = events[-1].version if events else before.version
        began = before.began or next((e.occurred_at for e in events), None)
        return Loaded(self.decider.fold(events, before.state), version, before.customer or customer, began)

    def _new(self, stream: str, at: At, meta: Meta) -> NewEvent:
        kind = type(at.payload)
        data = to_data(at.payload)
        if fields := personal_fields(kind):
            data = self._vault.seal(meta.customer or stream, stream, data, fields)
        return NewEvent(kind.__name__, self.decider.schema(kind.__name__), data, at.occurred_at, meta)


def demands(streams: Mapping[str, Streams[Any]], read: Mapping[Name, Loaded[Any]]) -> list[Append]:
    """Return the demands that aggregates of a service are still as they were read."""
    return [unchanged(streams[c].decider.stream(key), found.version) for (c, key), found in read.items()]


def _alone(names: Sequence[Name]) -> Sequence[Loaded[Any]]:
    raise LookupError(f"these streams know no others: {names}")
