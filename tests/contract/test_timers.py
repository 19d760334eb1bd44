"""Timers and lists follow an aggregate in the transactions of its events."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.decide import Context, Decider, Elapsed, Streams
from shared.events import Meta
from shared.events.ids import fresh
from shared.listing.listing import Listing
from shared.privacy import MemoryKeyStore, Vault
from shared.relay.lease import Leadership
from shared.relay.memory import MemoryRelayState
from shared.store.client import Client, connect
from shared.store.mongo import MongoStore
from shared.timers.timers import Timers

pytestmark = pytest.mark.integration
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rang:
    """The egg is done."""

    egg_id: str


@dataclass(frozen=True, slots=True)
class Boiling:
    """The egg is on the stove until then."""

    egg_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Boil:
    """Put an egg on the stove."""

    egg_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Egg:
    """What is known of an egg."""

    egg_id: str = ""
    until: datetime | None = None
    rings: int = 0


def decide(egg: Egg, command: Boil | Elapsed) -> list[object]:
    """Boil as often as you like; ring once per time."""
    if isinstance(command, Boil):
        return [Boiling(command.egg_id, command.until)]
    return [Rang(egg.egg_id)] if egg.until == command.at else []


def evolve(egg: Egg, event: object) -> Egg:
    """Ringing ends the waiting."""
    if isinstance(event, Boiling):
        return replace(egg, egg_id=event.egg_id, until=event.until)
    return replace(egg, until=None, rings=egg.rings + 1)


EGG: Decider[Egg] = Decider(
    category="egg",
    service="sales",
    initial=Egg(),
    decide=decide,
    evolve=evolve,
    events=(Boiling, Rang),
    timers=lambda egg: {"done": egg.until} if egg.until else {},
    summary=lambda egg: {"status": "boiling" if egg.until else "done", "rings": str(egg.rings)},
    filters=("status",),
    dated=True,
)


class Kitchen:
    """Eggs in a real log, with as many timer loops as wanted."""

    def __init__(self, client: Client, name: str) -> None:
        self.store = MongoStore(client, name, "sales")
        self.store.prepare()
        self.listing = Listing(self.store.database, EGG)
        self.listing.prepare()
        self.now = NOON
        self.timers()

    def streams(self) -> Streams[Egg]:
        """The streams as another process would have them."""
        return Streams(self.store, EGG, Vault(MemoryKeyStore()))

    def timers(self) -> Timers:
        """A timer loop with leadership of its own, so that two of them really compete."""
        leads = Leadership(MemoryRelayState(), "timers", fresh(), lambda: self.now)
        made = Timers(self.store.database, {"egg": self.streams()}, leads, lambda: self.now)
        made.prepare()
        return made

    def boil(self, key: str, minutes: int) -> None:
        """Put an egg on the stove."""
        until = self.now + timedelta(minutes=minutes)
        self.streams().handle(key, Boil(key, until), Context(self.now, Meta(fresh(), fresh())))

    def rings(self) -> list[str]:
        """Which eggs have rung, in order."""
        return [e.stream for e in self.store.read_log(0, 500) if e.type == "Rang"]

    def waiting(self) -> list[Any]:
        """Timers that are set."""
        return list(self.store.database["timers"].find({}))


@pytest.fixture
def kitchen(mongodb_url: str, database_prefix: str) -> Iterator[Kitchen]:
    """A kitchen of the test's own."""
    client, name = connect(mongodb_url), f"{database_prefix}_{fresh()[-12:]}"
    yield Kitchen(client, name)
    client.drop_database(name)
    client.close()


def test_a_timer_runs_out_once_even_with_two_leaders(kitchen: Kitchen) -> None:
    """Both see the same timer due; one event is written and the timer is gone."""
    kitchen.boil("1", 5)
    first, second = kitchen.timers(), kitchen.timers()
    assert first.step() == second.step() == 0
    kitchen.now += timedelta(minutes=6)
    assert first.step() == 1
    second.step()
    assert kitchen.rings() == ["egg-1"]
    assert kitchen.waiting() == []


def test_a_timer_that_was_moved_runs_out_at_its_new_time(kitchen: Kitchen) -> None:
    """The state's timer replaces the one before."""
    kitchen.boil("1", 5)
    kitchen.boil("1", 10)
    loop = kitchen.timers()
    kitchen.now += timedelta(minutes=6)
    assert loop.step() == 0
    kitchen.now += timedelta(minutes=5)
    assert loop.step() == 1
    assert kitchen.rings() == ["egg-1"]


def test_timers_catch_up_after_a_stop_in_the_order_they_were_due(kitchen: Kitchen) -> None:
    """Nobody looked for an hour; everything rings, stamped with the time it was due."""
    for key, minutes in (("late", 30), ("early", 10), ("never", 300)):
        kitchen.boil(key, minutes)
    kitchen.now += timedelta(hours=1)
    assert kitchen.timers().step() == 2
    assert kitchen.rings() == ["egg-early", "egg-late"]
    rang = [e for e in kitchen.store.read_log(0, 500) if e.type == "Rang"]
    assert [e.occurred_at for e in rang] == [NOON + timedelta(minutes=10), NOON + timedelta(minutes=30)]


def test_a_list_shows_every_aggregate_as_it_stands(kitchen: Kitchen) -> None:
    """Lines are filtered by the declared fields and paged by id."""
    for number in range(5):
        kitchen.boil(str(number), 5 if number < 2 else 50)
    kitchen.now += timedelta(minutes=6)
    kitchen.timers().step()
    boiling = kitchen.listing.page({"status": "boiling"}, None, 2)
    assert [line["id"] for line in boiling] == ["2", "3"]
    assert [line["id"] for line in kitchen.listing.page({"status": "boiling"}, "3", 2)] == ["4"]
    assert [line["id"] for line in kitchen.listing.page({"status": "done"}, None, 9)] == ["0", "1"]
    assert len(kitchen.listing.page({}, None, 9)) == 5


def test_a_dated_list_tells_what_began_in_a_window(kitchen: Kitchen) -> None:
    """By the first event, whatever happened since; lines written before it was dated count as any time's."""
    for number in ("2", "1", "3"):
        kitchen.boil(number, 5)
        kitchen.now += timedelta(minutes=10)
    kitchen.boil("2", 5)
    minute = timedelta(minutes=1)
    assert kitchen.listing.begun(NOON - minute, NOON + 11 * minute) == ["1", "2"]
    assert kitchen.listing.begun(NOON + 11 * minute, NOON + 30 * minute) == ["3"]
    assert all("began" not in line for line in kitchen.listing.page({}, None, 9))
    kitchen.store.database["list_egg"].update_one({"_id": "3"}, {"$unset": {"began": ""}})
    assert kitchen.listing.begun(NOON - minute, NOON + minute) == ["2", "3"]
