"""Give decided events their place: versions, positions and the chain of each partition. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import WrongExpectedVersion
from shared.events import Event
from shared.events.ids import event_id, partition_of
from shared.store.port import Append, Changed, Commit, Done, Expect, Head, Outcome
from shared.store.write import Insert, Swap


@dataclass
class Plan:
    """One transaction's worth of commits: what to write, what each answers, and what has to wait."""

    head: Head
    events: list[Event] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    deferred: list[int] = field(default_factory=list)


def first_ids(commit: Commit) -> list[str]:
    """Return the id of the first event of every append: if they exist, the commit has been done before."""
    return [event_id(a.command_id, 0) for a in commit.appends if a.events]


def inserted_keys(commit: Commit) -> list[tuple[str, str]]:
    """Return collection and key of every document the commit inserts."""
    new = [w for w in commit.writes if isinstance(w, Insert) or (isinstance(w, Swap) and w.known is None)]
    return [(w.collection, w.document["_id"]) for w in new]


def swaps(commit: Commit) -> list[Swap]:
    """Return the replacements of documents that have to be as they were read."""
    return [w for w in commit.writes if isinstance(w, Swap) and w.known is not None]


def overtaken(commit: Commit, held: Callable[[str, str], Mapping[str, Any] | None]) -> Changed | None:
    """Return the first document that is not as it was read; `held` gives it as it is stored."""
    for swap in swaps(commit):
        found, known = held(*swap.place), swap.known or {}
        if found is None or any(found.get(name) != value for name, value in known.items()):
            return Changed(*swap.place)
    return None


def place(
    service: str,
    commits: Mapping[int, Commit],
    head: Head,
    versions: Mapping[str, int],
    recorded_at: datetime,
) -> Plan:
    """Place every commit after `head`, given the present version of every stream that is appended to.

    A commit that repeats an id or key of an earlier one in the same plan is deferred to the next plan,
    where it is recognised as a repetition (tests/contract/test_store.py).
    """
    plan, current = Plan(head), dict(versions)
    position, tails = head.position, list(head.tails)
    claimed: set[object] = set()
    for index, commit in commits.items():
        claims = {*first_ids(commit), *inserted_keys(commit), *(swap.place for swap in swaps(commit))}
        if claims & claimed:
            plan.deferred.append(index)
            continue
        wrong = unmet(commit.appends, current)
        if wrong:
            plan.outcomes[index] = wrong
            continue
        claimed |= claims
        events: list[Event] = []
        for append in commit.appends:
            for event in _numbered(service, append, current, position, tails, recorded_at):
                position, tails[event.partition] = event.position, event.position
                events.append(event)
            current[append.stream] = current.get(append.stream, 0) + len(append.events)
        plan.events += events
        plan.commits.append(commit)
        plan.outcomes[index] = Done(tuple(events))
    plan.head = Head(position, tuple(tails))
    return plan


def unmet(appends: Sequence[Append], current: Mapping[str, int]) -> WrongExpectedVersion | None:
    """Return the first expectation that the versions do not meet, each after the appends before it."""
    versions: dict[str, int] = {}
    for append in appends:
        actual = versions.get(append.stream, current.get(append.stream, 0))
        if not _meets(append.expected, actual):
            return WrongExpectedVersion(append.stream, append.expected, actual)
        versions[append.stream] = actual + len(append.events)
    return None


def _meets(expected: int | Expect, actual: int) -> bool:
    match expected:
        case Expect.ANY:
            return True
        case Expect.EXISTS:
            return actual > 0
        case Expect.NO_STREAM:
            return actual == 0
        case _:
            return actual == expected


def _numbered(
    service: str,
    append: Append,
    current: Mapping[str, int],
    position: int,
    tails: Sequence[int],
    recorded_at: datetime,
) -> Iterable[Event]:
    partition = partition_of(append.stream, len(tails))
    version, previous = current.get(append.stream, 0), tails[partition]
    for index, new in enumerate(append.events):
        place = position + index + 1
        yield Event(
            id=event_id(append.command_id, index),
            service=service,
            stream=append.stream,
            version=version + index + 1,
            position=place,
            partition=partition,
            previous=previous,
            type=new.type,
            schema=new.schema,
            data=new.data,
            occurred_at=new.occurred_at,
            recorded_at=recorded_at,
            meta=new.meta,
        )
        previous = place
