"""A crash between any two writes loses and doubles nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pymongo.collection import Collection

from services.analytics.views.customer import CUSTOMER
from services.analytics.views.monthly import CHANNEL_MIX
from shared.project.journal import Journal
from shared.project.rebuild import Rebuild
from shared.project.target import StaleCheckpoint
from tests.company import deliveries, populate
from tests.integration.analytics.conftest import Desk

pytestmark = pytest.mark.integration
WRITES = ("insert_one", "insert_many", "update_one", "bulk_write", "delete_one", "delete_many", "replace_one")


class Crash(BaseException):
    """The process ends here."""


@contextmanager
def crashing(after: int) -> Iterator[list[int]]:
    """Let `after` writes pass and end the process at the next one; yields how many there were."""
    count = [0]
    patch = pytest.MonkeyPatch()

    def guarded(name: str) -> None:
        write = getattr(Collection, name)

        def wrapped(self: object, *given: object, **named: object) -> object:
            if count[0] == after:
                raise Crash
            count[0] += 1
            return write(self, *given, **named)

        patch.setattr(Collection, name, wrapped)

    for name in WRITES:
        guarded(name)
    try:
        yield count
    except Crash:
        count[0] = -1
    finally:
        patch.undo()


def work(desk: Desk) -> None:
    """Journal, fold and rebuild in a fresh process."""
    desk.journal = Journal(desk.database)
    intake = desk.intake()
    for source, partition, events in deliveries(desk.company, seed=4):
        intake.receive(source, partition, events)
    for projection in (CUSTOMER, CHANNEL_MIX):
        runner = desk.runner(projection)
        while runner.step(60):
            pass
        rebuild = Rebuild(desk.journal, projection)
        jobs = [job for job in rebuild.jobs() if job.state == "running"] or [rebuild.begin()]
        rebuild.run(jobs[0].collection, grace=0)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_crash_between_any_two_writes_changes_nothing(desk: Desk) -> None:
    """Crashed at ever later writes and started again each time, the outcome is that of an undisturbed run."""
    refs = populate(desk.company, customers=3, rounds=1)
    desk.company.merge(refs[0], refs[1])
    crashes, after = 0, 0
    while True:
        with crashing(after) as count:
            work(desk)
        if count[0] >= 0:
            break
        crashes, after = crashes + 1, after + 1
    assert crashes > 20
    events = desk.company.events()
    assert sorted(e.event.id for e in desk.journal.scan(0, desk.journal.head())) == sorted(
        e.id for e in events
    )
    live = (desk.digest(), desk.digest(CHANNEL_MIX))
    views = desk.views().values()
    assert sum(v.get("orders", {}).get("count", 0) for v in views) == sum(
        e.type == "OrderPlaced" for e in events
    )
    work(desk)
    assert (desk.digest(), desk.digest(CHANNEL_MIX)) == live


def test_two_runners_never_fold_twice(desk: Desk) -> None:
    """The checkpoint fences: the second writer is refused, reads again and goes on."""
    refs = populate(desk.company)
    desk.deliver(1)
    first, second = desk.runner(), desk.runner()
    first.step(40)
    with pytest.raises(StaleCheckpoint):
        second.step(40)
    while second.step(40):
        pass
    desk.company.busy(refs[0])
    desk.deliver(1)
    with pytest.raises(StaleCheckpoint):
        first.step(40)
    while first.step(40):
        pass
    live = desk.digest()
    rebuild = Rebuild(desk.journal, CUSTOMER)
    rebuild.run(rebuild.begin().collection, grace=0)
    assert desk.digest() == live
