"""A poisoned event parks its key and nothing else, visibly; rebuilds are strict."""

from dataclasses import replace
from typing import Any

import pytest

from services.analytics.views.customer import CUSTOMER
from services.analytics.views.monthly import CHANNEL_MIX
from shared.errors import Conflict, NotFound
from shared.events import Event
from shared.project.parking import Places
from shared.project.projection import Projection
from shared.project.rebuild import Rebuild
from shared.project.runner import Strict
from tests.company import populate
from tests.integration.analytics.conftest import Desk

pytestmark = pytest.mark.integration


def allergic(projection: Projection, poison: set[str]) -> Projection:
    """Return the projection with some event ids it can not take."""

    def project(view: Any, event: Event) -> Any:
        if event.id in poison:
            raise ValueError(f"poison {event.id}")
        return projection.project(view, event)

    return replace(projection, project=project)


@pytest.mark.parametrize("projection", [CUSTOMER, CHANNEL_MIX], ids=lambda p: p.name)
def test_redrive_heals_to_the_digest_of_no_poison(desk: Desk, projection: Projection) -> None:
    """One key waits with all its later events; once the cause is gone it is folded as if nothing had been."""
    populate(desk.company)
    desk.deliver(1)
    orders = [e for e in desk.company.logs["sales"] if e.type == "OrderPlaced"]
    poison = {orders[0].id}
    runner = desk.runner(allergic(projection, poison))
    while runner.step(9):
        pass
    parked = Places(desk.database, projection.name).all()
    (key,) = {p.key for p in parked}
    assert parked[0].event_id == orders[0].id
    assert "poison" in parked[0].reason
    with pytest.raises(Conflict):
        runner.redrive(key)
    poison.clear()
    assert runner.redrive(key) == len(parked)
    assert Places(desk.database, projection.name).all() == []
    healed = desk.digest(projection)
    rebuild = Rebuild(desk.journal, projection)
    rebuild.run(rebuild.begin().collection, grace=0)
    assert healed == desk.digest(projection)
    with pytest.raises(NotFound):
        runner.redrive(key)


def test_a_rebuild_stops_at_the_first_poison(desk: Desk) -> None:
    """A strict rebuild publishes nothing; the live views stay and the job says why."""
    populate(desk.company, customers=3)
    desk.deliver(1)
    before = desk.fold()
    poison = {next(e.id for e in desk.company.logs["sales"] if e.type == "OrderPlaced")}
    rebuild = Rebuild(desk.journal, allergic(CUSTOMER, poison))
    job = rebuild.begin()
    with pytest.raises(Strict):
        rebuild.run(job.collection, grace=0)
    assert "poison" in (rebuild.job(job.collection).error or "")
    assert desk.digest() == before


def test_a_rebuild_folds_what_was_parked(desk: Desk) -> None:
    """Once the cause is gone a rebuild takes parked events in, and nothing waits any more."""
    populate(desk.company, customers=3)
    desk.deliver(1)
    poison = {next(e.id for e in desk.company.logs["sales"] if e.type == "OrderPlaced")}
    projection = replace(allergic(CUSTOMER, poison), name="picky")
    assert desk.fold(projection) != desk.fold(CUSTOMER)
    poison.clear()
    rebuild = Rebuild(desk.journal, projection)
    rebuild.run(rebuild.begin().collection, grace=0)
    assert desk.digest(projection) == desk.digest(CUSTOMER)
    assert Places(desk.database, "picky").all() == []


def test_a_discarded_event_is_left_out_of_rebuilds_too(desk: Desk) -> None:
    """After discarding and redriving, live and rebuild agree without the event."""
    populate(desk.company, customers=3)
    desk.deliver(1)
    poison = next(e.id for e in desk.company.logs["sales"] if e.type == "OrderPlaced")
    projection = allergic(CUSTOMER, {poison})
    runner = desk.runner(projection)
    while runner.step():
        pass
    (key,) = {p.key for p in Places(desk.database, "customer").all()}
    runner.discard(poison)
    while Places(desk.database, "customer").load()[0]:
        runner.redrive(key)
    live = desk.digest()
    rebuild = Rebuild(desk.journal, projection)
    rebuild.run(rebuild.begin().collection, grace=0)
    assert desk.digest() == live


def test_a_cancelled_rebuild_leaves_nothing(desk: Desk) -> None:
    """Cancelling removes the new collection and keeps the old one."""
    populate(desk.company, customers=3)
    desk.deliver(1)
    before = desk.fold()
    rebuild = Rebuild(desk.journal, CUSTOMER)
    job = rebuild.begin()
    rebuild.cancel(job.collection)
    assert rebuild.run(job.collection, grace=0).state == "cancelled"
    assert desk.digest() == before
    assert job.collection not in desk.database.list_collection_names()


def test_an_event_of_several_keys_is_parked_for_each(desk: Desk) -> None:
    """One broken part parks its key; the others are folded, and redriving folds what waited."""
    broken = {"plate"}

    def project(view: Any, event: Event) -> dict[str, Any]:
        if event.data["sku"] in broken:
            raise ValueError("broken")
        return {"orders": (view or {"orders": 0})["orders"] + 1}

    def split(event: Event) -> list[tuple[str, Event]]:
        return [(sku, replace(event, data={"sku": sku})) for sku in ("cup", "plate", "lamp")]

    parted = Projection("parted", 1, frozenset({"OrderPlaced"}), project, split=split)
    populate(desk.company, customers=1, rounds=2)
    desk.deliver(1)
    desk.fold(parted)
    runner = desk.runner(parted)
    assert {p.key for p in Places(desk.database, "parted").all()} == {"plate"}
    broken.clear()
    assert runner.redrive("plate") == 2
    views = {d["_id"]: d["orders"] for d in desk.database[runner.target.collection].find({})}
    assert views == {"cup": 2, "plate": 2, "lamp": 2}
