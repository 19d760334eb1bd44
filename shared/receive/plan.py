"""Plan a batch: decide for every event heard, each on the state its predecessors leave behind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from shared.decide import Context, Loaded, Streams
from shared.decide.facts import Name
from shared.decide.peers import load_all
from shared.decide.streams import demands, follow
from shared.errors import Rejected
from shared.events import Meta
from shared.events.ids import command_id_of
from shared.receive.heard import Apply, Heard, Instruct
from shared.store.port import Append
from shared.store.write import Write

Complete = Callable[[Sequence[Instruct]], Sequence[Instruct]]


@dataclass
class Plan:
    """What one event heard leads to: appends and writes, and the states to keep once they are committed."""

    appends: list[Append] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    states: list[tuple[Streams[Any], str, Loaded[Any]]] = field(default_factory=list)


class Planner(Protocol):
    """Plans a batch of events; one that can not be planned gives the reason and harms no other."""

    def plan(self, heard: Sequence[Heard], fresh: bool) -> list[Plan | Rejected]:
        """Return one plan or refusal per event; `fresh` reads everything anew after a lost race."""
        ...


def context_of(heard: Heard, service: str) -> Context:
    """Return the context of commands that an event heard causes in `service`."""
    meta = Meta(
        command_id=command_id_of(heard.source, heard.id, service),
        correlation_id=heard.correlation_id,
        causation_id=heard.id,
        actor=f"system:{heard.source}"[:200],
        channel=heard.system,
        customer=heard.customer,
        source=heard.source,
        source_event_id=heard.id,
        traceparent=heard.traceparent,
    )
    return Context(heard.time, meta)


class Working:
    """The states of one batch: read in one go, then moved along by what is decided."""

    def __init__(self, service: str, streams: Mapping[str, Streams[Any]], fresh: bool) -> None:
        self._service, self._streams, self._fresh = service, streams, fresh
        self._states: dict[Name, Loaded[Any]] = {}

    def read(self, instructions: Iterable[Instruct]) -> None:
        """Load what the instructions touch or need; a command that opens a stream is first tried unread."""
        known = list(instructions)
        self._load((i.category, i.key) for i in known if self._fresh or not self._opens(i))
        self._load(name for i in known for name in self._needs(i))

    def state(self, category: str, key: str) -> Loaded[Any]:
        """Return the state an aggregate has by now."""
        known = self._states.get((category, key)) or self._streams[category].known(key)
        return known or self._streams[category].new()

    def decide(self, heard: Heard, instructions: Sequence[Instruct]) -> Plan:
        """Return the plan of one event. Raises Rejected, and then leaves every state as it was."""
        return self.decide_in(context_of(heard, self._service), instructions)

    def decide_in(self, context: Context, instructions: Sequence[Instruct]) -> Plan:
        """Return the plan of instructions in one context; see `decide`."""
        appends = dict[str, Append]()
        states: dict[Name, Loaded[Any]] = {}
        befores: dict[Name, Loaded[Any]] = {}
        relied: dict[Name, Loaded[Any]] = {}
        for instruct in instructions:
            streams, name = self._streams[instruct.category], (instruct.category, instruct.key)
            moment = Context(instruct.at or context.occurred_at, context.meta)
            before = states.get(name) or self.state(*name)
            needs = streams.decider.needs(before.state, instruct.command)
            read = self._look(needs)
            command = streams.decider.informed(instruct.command, [read[n].state for n in needs])
            append, after = streams.decide(before, instruct.key, command, moment)
            if append.events:
                relied |= read
                appends[append.stream] = _joined(appends.get(append.stream), append)
                states[name] = after
                befores.setdefault(name, before)
        self._states |= states
        kept = [(self._streams[category], key, after) for (category, key), after in states.items()]
        writes = [w for name, was in befores.items() for w in self._follow(name, was, states[name])]
        guards = demands(self._streams, {name: read for name, read in relied.items() if name not in states})
        return Plan([*appends.values(), *guards], writes, kept)

    def _opens(self, instruct: Instruct) -> bool:
        return isinstance(instruct.command, self._streams[instruct.category].decider.opens)

    def _needs(self, instruct: Instruct) -> Sequence[Name]:
        state = self.state(instruct.category, instruct.key).state
        return self._streams[instruct.category].decider.needs(state, instruct.command)

    def _look(self, names: Sequence[Name]) -> dict[Name, Loaded[Any]]:
        self._load(name for name in names if name not in self._states)
        return {name: self._states[name] for name in names}

    def _load(self, names: Iterable[Name]) -> None:
        self._states |= load_all(self._streams, names, self._fresh)

    def _follow(self, name: tuple[str, str], before: Loaded[Any], after: Loaded[Any]) -> list[Write]:
        return follow(self._streams[name[0]].decider, name[1], before, after)


def _joined(before: Append | None, append: Append) -> Append:
    """Return one append for all that an event does to one stream: its command has one set of event ids."""
    return append if before is None else replace(before, events=before.events + append.events)


class Deciding:
    """The planner of a service whose events each lead to commands by a pure table.

    `complete` adds to the instructions of an event what takes a look at more than the event; it may refuse.
    """

    def __init__(
        self,
        service: str,
        streams: Mapping[str, Streams[Any]],
        apply: Mapping[str, Apply],
        complete: Complete = tuple,
    ) -> None:
        self._service, self._streams, self._apply, self._complete = service, streams, apply, complete

    def plan(self, heard: Sequence[Heard], fresh: bool) -> list[Plan | Rejected]:
        """Return one plan or refusal per event."""
        instructions = [self._instructed(event) for event in heard]
        working = Working(self._service, self._streams, fresh)
        working.read(i for several in instructions if not isinstance(several, Rejected) for i in several)
        pairs = zip(heard, instructions, strict=True)
        return [self._planned(working, event, several) for event, several in pairs]

    def _instructed(self, event: Heard) -> Sequence[Instruct] | Rejected:
        try:
            return self._apply[event.type](event)
        except Rejected as refused:
            return refused

    def _planned(
        self, working: Working, event: Heard, several: Sequence[Instruct] | Rejected
    ) -> Plan | Rejected:
        if isinstance(several, Rejected):
            return several
        try:
            return working.decide(event, self._complete(several))
        except Rejected as refused:
            return refused
