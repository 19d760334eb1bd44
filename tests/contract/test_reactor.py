"""Reactions: each event once, gaps filled from the log, refusals noted, history left alone."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.consume.source_log import SourceHead
from shared.decide import Decider, Streams
from shared.errors import Rejected
from shared.events import Event, Meta, NewEvent
from shared.events.clock import now
from shared.privacy import MemoryKeyStore, Vault
from shared.react import Reactor
from shared.receive import Instruct
from shared.store.memory import MemoryStore
from shared.store.port import Append, Commit, Expect, append

MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
WON, LOST, BROKEN = "rapport.sales.Won.v1", "rapport.sales.Lost.v1", "rapport.sales.Broken.v1"


@dataclass(frozen=True, slots=True)
class Greeted:
    """A welcome was said."""

    greeting_id: str


@dataclass(frozen=True, slots=True)
class Greet:
    """Say welcome."""

    greeting_id: str


def broken(_: Event) -> list[Instruct]:
    """A reaction with a mistake in it."""
    raise KeyError("mistake")


def decide(_: int, command: Greet) -> list[object]:
    """Nobody is greeted for having lost."""
    if command.greeting_id == "lost":
        raise Rejected("losing is no occasion")
    return [Greeted(command.greeting_id)]


GREETING: Decider[int] = Decider(
    "greeting", "contacts", 0, decide, lambda said, _: said + 1, (Greeted,), opens=(Greet,)
)


class Sales:
    """The source: a log of its own, read as over its API."""

    def __init__(self) -> None:
        self.store = MemoryStore("sales", partitions=1)

    def happen(self, *types: str) -> list[Event]:
        """Append events of these types; return the whole log."""
        for type_ in types:
            number = self.store.head().position
            event = NewEvent(type_, 1, {"n": number}, MOMENT, Meta("c", f"chain-{number}", customer="c-1"))
            append(self.store, Append(f"deal-{number}", Expect.ANY, (event,), f"c-{number}"))
        return self.log()

    def log(self) -> list[Event]:
        """Every event."""
        return self.store.read_log(0, 1000)

    def read(self, after: int, limit: int, partition: int) -> list[Event]:
        """Part of the SourceLog port."""
        return self.store.read_log(after, limit, partition)

    def head(self) -> SourceHead:
        """Part of the SourceLog port."""
        return SourceHead(self.store.head().position, self.store.head().tails)


class Contacts:
    """The service that reacts; `process` is another process of it, which remembers nothing."""

    def __init__(self, sales: Sales) -> None:
        self.store, self.sales, self.vault = MemoryStore("contacts"), sales, Vault(MemoryKeyStore())
        self.reactor = self.process()
        self.reactor.prepare()

    def process(self) -> Reactor:
        """A reactor as after a start."""
        streams = {"greeting": Streams(self.store, GREETING, self.vault)}
        reactions = {
            WON: lambda e: [Instruct("greeting", str(e.data["n"]), Greet(str(e.data["n"])))],
            LOST: lambda _: [Instruct("greeting", "lost", Greet("lost"))],
            BROKEN: broken,
        }
        parts = (self.store, self.vault, streams, reactions, {"sales": self.sales})
        return Reactor("contacts", *parts, now)

    def greeted(self) -> list[str]:
        """Who was greeted, in order."""
        return [e.data["greeting_id"] for e in self.store.events]

    def mark(self) -> int:
        """How far the source was followed, as stored."""
        return int(self.store.documents["reaction_marks"]["sales.0"]["position"])


def test_a_reaction_belongs_to_the_chain_of_its_cause() -> None:
    """Correlation is carried on, the cause is named, the customer too."""
    sales = Sales()
    contacts = Contacts(sales)
    (event,) = sales.happen("Won")
    contacts.reactor.receive("sales", 0, [event])
    meta = contacts.store.events[0].meta
    assert (meta.correlation_id, meta.causation_id, meta.customer) == (
        event.meta.correlation_id,
        event.id,
        "c-1",
    )


def test_history_is_not_reacted_to() -> None:
    """A service that starts to follow begins at the end of the log."""
    sales = Sales()
    sales.happen("Won", "Won")
    contacts = Contacts(sales)
    contacts.reactor.receive("sales", 0, sales.happen("Won"))
    assert contacts.greeted() == ["2"]


def test_a_refused_reaction_is_noted_and_holds_nothing_up() -> None:
    """The reason is kept with the event; the next one is reacted to."""
    sales = Sales()
    contacts = Contacts(sales)
    contacts.reactor.receive("sales", 0, sales.happen("Won", "Lost", "Won"))
    (refused,) = contacts.store.documents["refused_reactions"].values()
    assert refused["reason"] == "losing is no occasion"
    assert contacts.greeted() == ["0", "2"]


def test_an_event_that_breaks_the_code_is_noted_and_holds_nothing_up() -> None:
    """Its neighbours are reacted to, in order, and it is not tried again."""
    sales = Sales()
    contacts = Contacts(sales)
    contacts.reactor.receive("sales", 0, sales.happen("Won", "Broken", "Won"))
    contacts.process().audit("sales")
    (noted,) = contacts.store.documents["refused_reactions"].values()
    assert (noted["type"], noted["reason"]) == (BROKEN, "KeyError")
    assert contacts.greeted() == ["0", "2"]


def test_events_of_no_interest_cost_no_write() -> None:
    """The chain is checked in memory; the next audit writes how far that is."""
    sales = Sales()
    contacts = Contacts(sales)
    contacts.reactor.receive("sales", 0, sales.happen("Won"))
    contacts.reactor.receive("sales", 0, sales.happen("Other", "Other")[1:])
    assert contacts.mark() == 1
    contacts.reactor.audit("sales")
    assert contacts.mark() == 3


def test_a_batch_and_its_mark_are_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever number of events is in it, of one stream or several."""
    sales = Sales()
    contacts = Contacts(sales)
    commits: list[Commit] = []
    whole = contacts.store.commit
    monkeypatch.setattr(contacts.store, "commit", lambda given: commits.extend(given) or whole(given))
    contacts.reactor.receive("sales", 0, sales.happen("Won", "Lost", "Other", "Won"))
    assert (len(commits), contacts.mark(), contacts.greeted()) == (1, 4, ["0", "3"])


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6), st.sampled_from("abx")), max_size=8))
def test_every_event_is_reacted_to_once_whatever_is_delivered(parts: list[tuple[int, int, str]]) -> None:
    """Parts of the log in any order, repeated, with holes, to two processes or a new one, then an audit."""
    sales = Sales()
    contacts = Contacts(sales)
    log = sales.happen(*["Won", "Other"] * 6)
    processes = {"a": contacts.reactor, "b": contacts.process()}
    for start, length, name in parts:
        processes.setdefault(name, contacts.process()).receive("sales", 0, log[start : start + length])
        processes.pop("x", None)
    contacts.reactor.audit("sales")
    assert contacts.greeted() == [str(n) for n in range(0, 12, 2)]
