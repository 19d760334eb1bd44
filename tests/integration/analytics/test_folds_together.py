"""All projections are folded by one loop, in one transaction per lot, and none holds up another."""

from dataclasses import replace
from threading import Thread

import pytest

from services.analytics.views.customer import CUSTOMER
from services.analytics.views.monthly import CHANNEL_MIX
from shared.events import Event
from shared.project import live, target
from shared.project.folds import Folds
from shared.project.projection import Projection
from shared.project.rebuild import Rebuild
from tests.company import populate
from tests.eventful import eventful
from tests.integration.analytics.conftest import ALL, Desk

pytestmark = pytest.mark.integration
BROKEN = "channel_mix"


def together(desk: Desk, *projections: Projection) -> Folds:
    """Return the loop, prepared, as after a restart."""
    folds = Folds(desk.journal, projections)
    folds.prepare()
    return folds


def drained(folds: Folds, limit: int = 500) -> Folds:
    """Step until caught up."""
    while folds.step(limit):
        pass
    return folds


def rebuilt(desk: Desk, *projections: Projection) -> dict[str, str]:
    """Return the digests after folding anew, one by one."""
    for projection in projections:
        rebuild = Rebuild(desk.journal, projection)
        rebuild.run(rebuild.begin().collection, grace=0)
    return digests(desk, *projections)


def digests(desk: Desk, *projections: Projection) -> dict[str, str]:
    """Return the digests of the collections in use."""
    return {p.name: desk.digest(p) for p in projections}


def keyless(event: Event) -> str:
    """Fail as a broken key function does."""
    raise ValueError(f"no key for {event.id}")


def test_folded_together_equals_folded_alone(desk: Desk) -> None:
    """Merges included, one loop over all projections gives what each gives by itself."""
    refs = populate(desk.company, rounds=1)
    eventful(desk.company, refs)
    desk.company.merge(refs[0], refs[1])
    desk.deliver(3)
    folds = drained(together(desk, *ALL), limit=17)
    desk.company.unmerge(refs[0], refs[1])
    desk.company.busy(refs[2])
    desk.deliver(3)
    drained(folds, limit=17)
    found = digests(desk, *ALL)
    assert rebuilt(desk, *ALL) == found


def test_a_lot_is_one_transaction(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever number of projections hears something in it."""
    populate(desk.company, customers=3)
    desk.deliver(1)
    folds, count = together(desk, *ALL), []
    whole = target.transact
    monkeypatch.setattr(target, "transact", lambda *given: count.append(1) or whole(*given))
    assert folds.step(10_000) == desk.journal.head()
    assert len(count) == 1
    assert {one.checkpoint().position for one in folds.lives.values()} == {desk.journal.head()}


def test_a_projection_that_fails_does_not_hold_up_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown as trouble, rests, and catches up once it can."""
    monkeypatch.setattr(live, "REST_SECONDS", 0.0)
    populate(desk.company, customers=3)
    desk.deliver(1)
    broken = replace(CHANNEL_MIX, key=keyless)
    folds = together(desk, CUSTOMER, broken)
    for _ in range(3):
        folds.step()
    assert folds.lives["customer"].checkpoint().position == desk.journal.head()
    assert folds.lives[BROKEN].checkpoint().position == 0
    assert "no key for" in (folds.trouble or "")
    assert drained(together(desk, CUSTOMER, CHANNEL_MIX)).trouble is None
    assert desk.digest(CHANNEL_MIX) == rebuilt(desk, CHANNEL_MIX)[BROKEN]


def test_a_view_that_can_not_be_written_does_not_hold_up_the_others(desk: Desk) -> None:
    """The others of its lot are written without it."""
    populate(desk.company, customers=3)
    desk.deliver(1)
    unwritable = replace(CHANNEL_MIX, project=lambda _view, _event: {"value": object()})
    folds = together(desk, CUSTOMER, unwritable)
    folds.step(10_000)
    assert folds.lives["customer"].checkpoint().position == desk.journal.head()
    assert folds.lives[BROKEN].checkpoint().position == 0
    assert f"fold:{BROKEN}" in (folds.trouble or "")


def test_a_projection_replaced_elsewhere_is_followed_and_the_others_are_written(desk: Desk) -> None:
    """The loop finds one checkpoint gone, writes the rest, and goes on with the new collection."""
    refs = populate(desk.company, customers=3)
    desk.deliver(1)
    folds = drained(together(desk, CUSTOMER, CHANNEL_MIX))
    rebuild = Rebuild(desk.journal, CHANNEL_MIX)
    rebuild.run(rebuild.begin().collection, grace=0)
    desk.company.busy(refs[0])
    desk.deliver(1)
    folds.step()
    assert folds.lives["customer"].checkpoint().position == desk.journal.head()
    folds._look_at = 0.0  # the pointers are looked up once a second
    assert drained(folds).lives[BROKEN].checkpoint().position == desk.journal.head()
    found = digests(desk, CUSTOMER, CHANNEL_MIX)
    assert rebuilt(desk, CUSTOMER, CHANNEL_MIX) == found


def test_a_latecomer_catches_up_and_joins_the_others(desk: Desk) -> None:
    """A projection that is new folds the history in lots of its own, then shares those of the others."""
    refs = populate(desk.company, customers=4)
    desk.deliver(1)
    drained(together(desk, CUSTOMER), limit=11)
    folds = together(desk, CUSTOMER, CHANNEL_MIX)
    desk.company.busy(refs[0])
    desk.deliver(1)
    folds.step(11)
    first = {name: one.checkpoint().position for name, one in folds.lives.items()}
    assert first[BROKEN] < first["customer"]
    drained(folds, limit=11)
    assert {one.checkpoint().position for one in folds.lives.values()} == {desk.journal.head()}
    found = digests(desk, CUSTOMER, CHANNEL_MIX)
    assert rebuilt(desk, CUSTOMER, CHANNEL_MIX) == found


def test_whoever_is_at_rest_is_left_out(desk: Desk) -> None:
    """A runner that somebody else holds, as a rebuild does at its end, is not waited for."""
    populate(desk.company, customers=2)
    desk.deliver(1)
    folds = together(desk, CUSTOMER, CHANNEL_MIX)
    held = folds.lives[BROKEN].runner()
    assert held is not None
    step = Thread(target=folds.step, args=(10_000,))
    with held.turn:
        step.start()
        step.join()
    assert folds.lives["customer"].checkpoint().position == desk.journal.head()
    assert folds.lives[BROKEN].checkpoint().position == 0


def test_rebuilds_do_not_wait_for_each_other_s_old_views_to_go(desk: Desk) -> None:
    """Each is in place at once; what it replaced goes when nobody reads it any more."""
    populate(desk.company, customers=2)
    desk.deliver(1)
    folds = drained(together(desk, CUSTOMER, CHANNEL_MIX))
    before = digests(desk, CUSTOMER, CHANNEL_MIX)
    for one in folds.lives.values():
        one.rebuild.begin()
    assert folds.run_rebuilds() == 2
    assert digests(desk, CUSTOMER, CHANNEL_MIX) == before
    old = {f"{p.name}_v{p.version}" for p in (CUSTOMER, CHANNEL_MIX)}
    assert old <= set(desk.database.list_collection_names())
    folds._retired = [(0.0, collection) for _, collection in folds._retired]  # time goes by
    assert folds.run_rebuilds() == 0
    assert old.isdisjoint(desk.database.list_collection_names())
