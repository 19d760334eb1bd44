"""A view equals the fold of its events, whatever the order of arrival and however often one arrives."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import pytest
from pymongo.errors import AutoReconnect

from services.analytics.views.customer import CUSTOMER
from services.analytics.views.monthly import CHANNEL_MIX, DATA_QUALITY
from services.analytics.views.together import TOGETHER
from shared.events import Event
from shared.project import sweep
from shared.project.gathered import Gathered
from shared.project.journal import Journal
from shared.project.rebuild import Rebuild
from shared.project.runner import RESTS
from tests.company import populate
from tests.eventful import eventful
from tests.integration.analytics.conftest import ALL, Desk

pytestmark = pytest.mark.integration


def emptied(desk: Desk) -> Desk:
    """Return the same company over an emptied database."""
    desk.database.client.drop_database(desk.database.name)
    desk.journal = Journal(desk.database)
    desk.journal.prepare()
    return desk


def test_every_order_of_arrival_gives_one_digest(desk: Desk) -> None:
    """Shuffled, repeated and interleaved delivery, folded in batches of any size, gives one digest."""
    refs = populate(desk.company, rounds=1)
    eventful(desk.company, refs)
    desk.company.merge(refs[0], refs[1])
    desk.company.busy(refs[1])
    desk.company.merge(refs[2], refs[3])
    desk.company.unmerge(refs[2], refs[3])
    found = set()
    for seed, limit in ((1, 500), (2, 7), (3, 40), (4, 3)):
        desk.deliver(seed)
        found.add(tuple(desk.fold(projection, limit) for projection in ALL))
        emptied(desk)
    assert len(found) == 1


def test_merge_then_unmerge_equals_never_merged(desk: Desk) -> None:
    """Undoing a merge restores both customers to the byte; only that it was done stays counted."""
    told = [p for p in ALL if p.name != DATA_QUALITY.name]
    refs = populate(desk.company)
    eventful(desk.company, refs)
    desk.deliver(1)
    never = {p.name: desk.fold(p) for p in told}
    desk.company.merge(refs[0], refs[1])
    desk.deliver(1)
    assert desk.fold() != never["customer"]
    assert refs[1] not in desk.views()
    desk.company.unmerge(refs[0], refs[1])
    desk.deliver(1)
    assert {p.name: desk.fold(p) for p in told} == never


def test_a_merged_customer_has_both_histories(desk: Desk) -> None:
    """The survivor's counters are the sums, whichever identifier an event named."""
    refs = populate(desk.company, customers=3)
    desk.deliver(1)
    desk.fold()
    before = desk.views()
    desk.company.merge(refs[0], refs[1])
    desk.deliver(1)
    desk.fold()
    orders = [before[ref]["orders"]["count"] for ref in refs[:2]]
    assert desk.views()[refs[0]]["orders"]["count"] == sum(orders)
    assert desk.views()[refs[2]] == before[refs[2]]


def test_rebuild_equals_live(desk: Desk) -> None:
    """A rebuild beside the live collection gives the same digest and takes its place; the old one goes."""
    refs = populate(desk.company)
    desk.company.merge(refs[0], refs[1])
    desk.deliver(2)
    for projection in (CUSTOMER, CHANNEL_MIX):
        live = desk.fold(projection, limit=9)
        runner = desk.runner(projection)
        rebuild = Rebuild(desk.journal, projection)
        job = rebuild.run(rebuild.begin().collection, runner, grace=0)
        assert (job.state, job.collection) == ("done", f"{projection.name}_v{projection.version}_1")
        assert desk.digest(projection) == live
        assert f"{projection.name}_v{projection.version}" not in desk.database.list_collection_names()


@pytest.fixture
def cramped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for a few entries and one view only, so that a rebuild sorts on disk and writes often."""
    monkeypatch.setattr(sweep, "PORTION", 7)
    monkeypatch.setattr(sweep, "STAGED", 0)
    monkeypatch.setattr(sweep, "Gathered", partial(Gathered, room=20_000))


@pytest.mark.usefixtures("cramped")
def test_a_rebuild_that_does_not_fit_in_memory_equals_live(desk: Desk) -> None:
    """Views by customer, month and article are those of the live fold, however little is kept at once."""
    refs = populate(desk.company)
    eventful(desk.company, refs[:2])
    desk.company.merge(refs[0], refs[1])
    desk.deliver(2)
    for projection in (CUSTOMER, CHANNEL_MIX, TOGETHER):
        live = desk.fold(projection)
        rebuild = Rebuild(desk.journal, projection)
        job = rebuild.run(rebuild.begin().collection, grace=0)
        assert (job.state, job.position, job.head) == ("done", desk.journal.head(), desk.journal.head())
        assert desk.digest(projection) == live


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.usefixtures("cramped")
@pytest.mark.parametrize("end", [Killed, AutoReconnect])
def test_an_interrupted_rebuild_begins_over(desk: Desk, end: type[BaseException]) -> None:
    """What it had written counts for nothing, and customers merged in the meantime are one."""
    refs = populate(desk.company)
    desk.deliver(2)
    told = 0

    def prepare(_: Iterable[Event]) -> None:
        nonlocal told
        told += 1
        if told == desk.journal.head() // sweep.PORTION // 2:
            raise end

    rebuild = Rebuild(desk.journal, replace(CUSTOMER, prepare=prepare))
    desk.fold()
    job = rebuild.begin()
    with pytest.raises(end):
        rebuild.run(job.collection, grace=0)
    assert desk.database[job.collection].find_one({}) is not None
    assert 0 < rebuild.job(job.collection).position < job.head
    desk.company.merge(refs[0], refs[1])
    desk.deliver(2)
    live = desk.fold()
    rebuild.run(job.collection, grace=0)
    assert desk.digest() == live


def test_live_goes_on_after_a_rebuild(desk: Desk) -> None:
    """Events after the flip are folded into the new collection."""
    refs = populate(desk.company)
    desk.deliver(2)
    desk.fold()
    rebuild = Rebuild(desk.journal, CUSTOMER)
    rebuild.run(rebuild.begin().collection, grace=0)
    desk.company.busy(refs[0])
    desk.deliver(2)
    assert desk.fold() == refolded(desk)


def refolded(desk: Desk) -> str:
    """Return the digest of a rebuild."""
    rebuild = Rebuild(desk.journal, CUSTOMER)
    rebuild.run(rebuild.begin().collection, grace=0)
    return desk.digest()


def test_events_of_no_interest_cost_no_write(desk: Desk) -> None:
    """A projection that hears nothing of what it reads shows how far it is and writes that down when idle."""
    populate(desk.company, customers=2)
    desk.deliver(1)
    deaf = replace(CHANNEL_MIX, types=frozenset())
    runner = desk.runner(deaf)
    assert runner.step(10_000) == desk.journal.head()
    assert (runner.target.visible.position, runner.target.stored.position) == (desk.journal.head(), 0)
    for _ in range(RESTS + 1):
        runner.step()
    assert runner.target.stored.position == desk.journal.head()
