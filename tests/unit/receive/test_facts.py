"""Commands that have to know of other aggregates, and commands that happen together."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from shared.decide import Context, Decider, Facts, streams_of
from shared.errors import Conflict, WrongExpectedVersion
from shared.privacy import MemoryKeyStore, Vault
from shared.receive import Instruct
from shared.receive.plan import Working
from shared.receive.together import together
from shared.service.aggregate_routes import given
from shared.store.memory import MemoryStore
from shared.store.port import Commit
from shared.testing.controls import WHEN, heard, meta
from shared.values import FILLED, Id, Whole

CONTEXT = Context(WHEN, meta())


@dataclass(frozen=True)
class Filled:
    """The shelf holds so many."""

    shelf_id: Id
    count: Whole


@dataclass(frozen=True)
class Take:
    """Take one from a shelf; `left` is told, not given."""

    basket_id: Id
    shelf_id: Id
    left: int = field(default=-1, metadata=FILLED)


@dataclass(frozen=True)
class Taken:
    """One was taken while so many were left."""

    basket_id: Id
    left: Whole


def take(_: int, command: Take) -> list[Taken]:
    """Nothing is taken from an empty shelf."""
    if command.left < 1:
        raise Conflict("the shelf is empty")
    return [Taken(command.basket_id, command.left)]


FILL: Callable[[int, Filled], list[Filled]] = lambda _, command: [command]  # noqa: E731
SHELF = Decider("shelf", "shop", 0, FILL, lambda _, e: e.count, (Filled,), {"fill": Filled})
BASKET = Decider(
    "basket",
    "shop",
    0,
    take,
    lambda n, _: n + 1,
    (Taken,),
    {"take": Take},
    (Take,),
    facts={Take: Facts("left", lambda _, c: [("shelf", c.shelf_id)], lambda states: states[0])},
)
TAKE = Instruct("basket", "b", Take("b", "s"))
FILL_IT = Instruct("shelf", "s", Filled("s", 3))


class Shop:
    """The streams of a service with shelves and baskets."""

    def __init__(self):
        self.store = MemoryStore("shop")
        self.streams = streams_of(self.store, (SHELF, BASKET), Vault(MemoryKeyStore()))

    def types(self):
        """What happened."""
        return [(e.type, e.data.get("left")) for e in self.store.events]


def test_a_command_over_http_knows_of_the_other_aggregate():
    """The fact is read from the log for each attempt, past any state kept at hand."""
    shop = Shop()
    shop.streams["shelf"].load(["s"])
    with pytest.raises(Conflict, match="empty"):
        shop.streams["basket"].handle("b", Take("b", "s"), CONTEXT)
    shop.streams["shelf"].handle("s", Filled("s", 3), CONTEXT)
    shop.streams["basket"].handle("b", Take("b", "s"), CONTEXT)

    assert shop.types() == [("Filled", None), ("Taken", 3)]


def test_a_fact_is_as_new_as_the_log():
    """Of a state at hand only what came since is read, whoever wrote it."""
    one, other = Shop(), Shop()
    other.streams = streams_of(one.store, (SHELF, BASKET), Vault(MemoryKeyStore()))
    for number, count in enumerate((3, 2)):
        told = Context(WHEN, meta(command_id=f"fill-{number}"))
        other.streams["shelf"].handle("s", Filled("s", count), told)
        take_it = Take(f"b{number}", "s")
        one.streams["basket"].handle(
            take_it.basket_id, take_it, Context(WHEN, meta(command_id=f"t-{number}"))
        )

    assert [left for kind, left in one.types() if kind == "Taken"] == [3, 2]


@pytest.mark.parametrize("read", [True, False])
def test_a_command_of_a_batch_sees_what_the_batch_did_before(read):
    """The state the batch leaves behind counts, whether the needs were read ahead or not."""
    shop = Shop()
    working = Working("shop", shop.streams, fresh=False)
    working.read([FILL_IT, TAKE] if read else [FILL_IT])
    working.decide(heard("channel.web.page_viewed.v1"), [FILL_IT])
    plan = working.decide(heard("channel.web.page_viewed.v1"), [TAKE])

    assert [e.data["left"] for a in plan.appends for e in a.events] == [3]


def test_commands_together_happen_all_or_none():
    """A refusal of one leaves no trace of the other; facts are those before all of them."""
    shop = Shop()
    with pytest.raises(Conflict, match="empty"):
        together(shop.store, shop.streams, CONTEXT, [FILL_IT, TAKE])
    assert shop.types() == []

    shop.streams["shelf"].handle("s", Filled("s", 3), CONTEXT)
    done = together(shop.store, shop.streams, Context(WHEN, meta(command_id="2")), [FILL_IT, TAKE])
    assert [e.type for e in done.events] == ["Filled", "Taken"]


def test_commands_together_are_decided_again_after_a_lost_race(monkeypatch):
    """Somebody else's append in between costs an attempt, not the command."""
    shop = Shop()
    append, races = shop.store.commit, iter([True])

    def lose(commits):
        if next(races, False):
            return [WrongExpectedVersion("shelf-s", 0)]
        return append(commits)

    monkeypatch.setattr(shop.store, "commit", lose)
    together(shop.store, shop.streams, CONTEXT, [FILL_IT])
    assert shop.types() == [("Filled", None)]


def test_no_body_gives_what_is_told():
    """The field of a fact is not part of the command's body, like the id."""
    assert given(Take) == ("basket_id", "left")


class Overtaken(MemoryStore):
    """A store to which another process appends between what is read and what is committed, once."""

    between: Callable[[], object] | None = None

    def commit(self, commits):
        """Let the other process be first."""
        between, self.between = self.between, None
        if between:
            between()
        return super().commit(commits)


def overtaken(left: int) -> Shop:
    """A shop with three on the shelf, of which another process leaves so many in the meantime."""
    shop = Shop()
    shop.store = Overtaken("shop")
    shop.streams = streams_of(shop.store, (SHELF, BASKET), Vault(MemoryKeyStore()))
    other = streams_of(shop.store, (SHELF, BASKET), Vault(MemoryKeyStore()))
    shop.streams["shelf"].handle("s", Filled("s", 3), CONTEXT)
    told = Context(WHEN, meta(command_id="other"))
    shop.store.between = lambda: other["shelf"].handle("s", Filled("s", left), told)
    return shop


def test_a_fact_that_changed_before_the_commit_lets_the_command_be_decided_again():
    """Nobody takes from a shelf that another process has emptied in the meantime."""
    shop = overtaken(2)
    shop.streams["basket"].handle("b", Take("b", "s"), Context(WHEN, meta(command_id="t")))
    assert shop.types()[-1] == ("Taken", 2)

    shop = overtaken(0)
    with pytest.raises(Conflict, match="empty"):
        shop.streams["basket"].handle("b", Take("b", "s"), Context(WHEN, meta(command_id="t")))


def test_a_batch_is_refused_when_a_fact_changed_before_its_commit():
    """The demand travels with the plan, so the batch is planned anew."""
    shop = overtaken(2)
    working = Working("shop", shop.streams, fresh=False)
    working.read([TAKE])
    plan = working.decide(heard("channel.web.page_viewed.v1"), [TAKE])
    (outcome,) = shop.store.commit([Commit(tuple(plan.appends))])
    assert isinstance(outcome, WrongExpectedVersion)
