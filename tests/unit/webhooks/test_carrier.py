"""Deliveries: signed, in order, at least once, whatever the receiver does and wherever it crashes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import pytest

from shared.decide import Context, Decider, streams_of
from shared.events import Event, Meta
from shared.events.clock import now
from shared.privacy import MemoryKeyStore, Vault
from shared.store.memory import MemoryStore
from shared.testing.controls import moment
from shared.values import Id, Personal
from shared.webhooks import (
    CATEGORY,
    RegisterWebhook,
    RemoveWebhook,
    ReplayWebhook,
    ResumeWebhook,
    RotateSecret,
    webhook,
)
from shared.webhooks.carrier import Carrier
from shared.webhooks.posting import Outcome, Post
from shared.webhooks.progress import Mark
from shared.webhooks.routes import position_before
from shared.webhooks.signing import Secrets
from tests.webhook_receiver import Receiver, receiver


@dataclass(frozen=True, slots=True)
class Say:
    """Say something to somebody."""

    note_id: Id
    words: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something was said; the words are personal."""

    note_id: Id
    words: Annotated[str, Personal()]


NOTE: Decider[None] = Decider(
    category="note",
    service="sales",
    initial=None,
    decide=lambda _, c: [Said(c.note_id, c.words)],
    evolve=lambda state, _: state,
    events=(Said,),
)


class Pages:
    """Marks and notes in memory, guarded as the book's are."""

    def __init__(self) -> None:
        self.held: dict[str, Mark] = {}
        self.noted: list[tuple[int, int, bool]] = []

    def marks(self, keys: Sequence[str]) -> Mapping[str, Mark]:
        """Return marks."""
        return {key: self.held[key] for key in keys if key in self.held}

    def advance(self, key: str, old: Mark | None, new: Mark) -> bool:
        """Swap a mark."""
        if self.held.get(key) != old:
            return False
        self.held[key] = new
        return True

    def note(self, _key: str, event: Event, attempts: int, outcome: Outcome, _at: datetime) -> None:
        """Keep what became of a delivery."""
        self.noted.append((event.position, attempts, outcome.delivered))


class World:
    """A service with notes, one subscription, and a clock that is moved by hand."""

    def __init__(self, to: Receiver, types: tuple[str, ...] = ("rapport.sales.Said.*",)) -> None:
        # The reference package holds signatures against the clock of the machine: begin there.
        self.now, self.to, self.book = now(), to, Pages()
        self.store = MemoryStore("sales", clock=lambda: self.now)
        self.vault = Vault(MemoryKeyStore(), lambda: 0.0)
        self.streams: dict[str, Any] = streams_of(self.store, (NOTE, webhook("sales")), self.vault)
        self.secrets = Secrets(b"k" * 32, "sales")
        self.post: Any = Post(private=True)
        to.secret = self.secrets.of("erp", 1)
        self.say("before")
        self.tell(RegisterWebhook("erp", to.url, types))

    def tell(self, command: Any) -> None:
        """Give a command to the subscription."""
        meta = Meta(f"c{len(self.store.events)}", "x")
        self.streams[CATEGORY].handle("erp", command, Context(self.now, meta))

    def say(self, *words: str) -> None:
        """Record notes."""
        for word in words:
            meta = Meta(f"say {word} {len(self.store.events)}", "x", customer=f"c-{word}")
            self.streams["note"].handle(word, Say(word, word), Context(self.now, meta))

    def carry(self, leads: Any = lambda: True) -> None:
        """Serve the subscriber once."""
        carrier = Carrier(
            self.streams[CATEGORY], self.book, self.vault, self.secrets, self.post, self.clock, lambda: 1.0
        )
        carrier.serve("erp", leads)

    def clock(self) -> datetime:
        """The hand-moved clock."""
        return self.now

    def taken(self) -> list[str]:
        """The notes the receiver got."""
        return [event["data"]["note_id"] for event in self.to.taken]

    def status(self) -> str:
        """How the subscription stands."""
        return str(self.streams[CATEGORY].load(["erp"], fresh=True)["erp"].state.status)


@pytest.fixture
def to() -> Iterator[Receiver]:
    """A receiver that listens."""
    with receiver() as listening:
        yield listening


@pytest.fixture
def world(to: Receiver) -> World:
    """A service the receiver subscribes to."""
    return World(to)


def test_what_happens_after_the_registration_is_delivered_in_order(world: World):
    """The event's id is the webhook's; what came before is not sent; types that are not wanted neither."""
    world.say("a", "b", "c")
    world.carry()

    assert world.taken() == ["a", "b", "c"]
    assert world.to.forged == 0
    assert [e["delivery"] for e in world.to.taken] == [e["id"] for e in world.to.taken]
    assert world.to.taken[0]["type"] == "rapport.sales.Said.v1"
    assert world.book.held["erp"].position == len(world.store.events)


def test_personal_fields_are_left_out_unless_asked_for(to: Receiver, world: World):
    """A sealed value leaves opened or not at all; of an erased person never."""
    world.say("a")
    world.carry()
    assert "words" not in to.taken[0]["data"]

    world.tell(RemoveWebhook("erp"))
    url, types = to.url, ("rapport.sales.Said.*",)
    world.streams[CATEGORY].handle(
        "crm", RegisterWebhook("crm", url, types, personal=True), Context(world.now, Meta("crm", "x"))
    )
    to.secret = world.secrets.of("crm", 1)
    world.say("b", "c")
    world.vault.destroy(["c-c"], world.now)
    Carrier(
        world.streams[CATEGORY], world.book, world.vault, world.secrets, world.post, world.clock
    ).serve("crm", lambda: True)  # fmt: skip
    assert [e["data"].get("words") for e in to.taken[1:]] == ["b", None]


def test_a_receiver_that_fails_gets_everything_in_order_once_it_recovers(world: World):
    """Three failures hold the rest back; the pauses are 1, 2 and 4 seconds; then all come, in order."""
    world.to.answers = [500, 302, 503]
    world.say("a", "b")
    waits = []
    for _ in range(3):
        world.carry()
        failing = world.book.held["erp"]
        assert failing.next_at is not None
        waits.append((failing.next_at - world.now).total_seconds())
        world.now = failing.next_at
    world.carry()

    assert waits == [1, 2, 4]
    assert world.taken() == ["a", "b"]
    assert world.to.attempts == [world.to.taken[0]["id"]] * 4 + [world.to.taken[1]["id"]]
    assert [note[1:] for note in world.book.noted] == [
        (1, False),
        (2, False),
        (3, False),
        (4, True),
        (1, True),
    ]


@pytest.mark.parametrize("line", ["post", "note", "advance"])
def test_a_crash_repeats_a_delivery_and_loses_none(world: World, line: str):
    """The process ends before the delivery, after it, or after it was noted: the next one goes on there."""
    world.say("a", "b", "c")
    whole = world.post if line == "post" else getattr(world.book, line)
    calls = iter(range(100))

    def dying(*said: Any) -> Any:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return whole(*said)

    if line == "post":
        world.post = dying
    else:
        setattr(world.book, line, dying)
    with pytest.raises(KeyboardInterrupt):
        world.carry()
    world.carry()

    assert list(dict.fromkeys(world.taken())) == ["a", "b", "c"]
    assert world.to.ids() == [e.id for e in world.store.events if e.type == "Said"][1:]
    assert len(world.taken()) <= 4


def test_who_does_not_lead_delivers_nothing(world: World):
    """And a mark that somebody else moved is not moved back."""
    world.say("a")
    world.carry(leads=lambda: False)
    assert world.taken() == []

    before = world.book.advance
    world.book.advance = lambda *_: False  # type: ignore[method-assign]
    world.carry()
    world.book.advance = before  # type: ignore[method-assign]
    assert world.book.held["erp"].position == 2


def test_five_days_of_failure_disable_it_and_resuming_loses_nothing(world: World):
    """The reason is recorded; when it is set going again it goes on where it stopped."""
    world.to.answers = [500, 500]
    world.say("a")
    world.carry()
    world.now += timedelta(days=5)
    world.carry()
    state = world.streams[CATEGORY].load(["erp"], fresh=True)["erp"].state
    assert state.status == "disabled"
    assert state.reason.startswith("failing since")
    world.carry()
    assert world.taken() == []

    world.now -= timedelta(days=5)
    world.tell(ResumeWebhook("erp"))
    world.carry()
    assert world.taken() == ["a"]


def test_a_receiver_that_is_gone_is_told_nothing_more(world: World):
    """410 disables at once."""
    world.to.answers = [410]
    world.say("a")
    world.carry()

    assert world.status() == "disabled"


def test_a_replay_delivers_again_what_the_log_holds(world: World):
    """From a position on, earlier than the registration if need be; the ids are the same."""
    world.say("a", "b")
    world.carry()
    world.tell(ReplayWebhook("erp", 0))
    world.carry()

    assert world.taken() == ["a", "b", "before", "a", "b"]


def test_both_secrets_sign_for_a_day(world: World):
    """A receiver with the old one still understands; a day later only with the new one."""
    world.tell(RotateSecret("erp", world.now))
    world.say("a")
    world.carry()
    assert world.taken() == ["a"]

    world.to.secret = world.secrets.of("erp", 2)
    world.say("b")
    world.carry()
    assert world.taken() == ["a", "b"]


def test_nothing_is_posted_to_a_private_address(world: World):
    """Names are looked up anew for every delivery; the address that was checked is the one connected to."""
    world.post = Post(private=False)
    world.say("a")
    world.carry()

    assert world.to.attempts == []
    assert "not a public address" in (world.book.held["erp"].error or "")


def test_a_moment_leads_to_a_position():
    """Everything recorded from then on comes after it."""
    times = iter([moment(day) for day in (0, 1, 1, 2, 5)])
    store = MemoryStore("sales", clock=lambda: next(times))
    streams: Any = streams_of(store, (NOTE,), Vault(MemoryKeyStore(), lambda: 0.0))
    for n in range(5):
        streams["note"].handle(f"n{n}", Say(f"n{n}", "x"), Context(moment(), Meta(f"c{n}", "x")))

    found = [position_before(store, 5, moment(day)) for day in (-1, 0.5, 1, 1.5, 5, 9)]
    assert found == [0, 1, 1, 3, 4, 5]
