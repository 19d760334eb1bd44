"""The journal holds every event of every source once, in order, whatever the queues do."""

from threading import Thread

import pytest

from shared.errors import Corrupt
from shared.project.batch import Batch
from shared.project.entry import BLOCK
from shared.project.journal import JOURNAL
from tests.company import populate
from tests.integration.analytics.conftest import Desk

pytestmark = pytest.mark.integration


def journaled(desk: Desk) -> list[str]:
    """Return the event ids in the journal, checked to be gap-free."""
    entries = list(desk.journal.scan(0, desk.journal.head()))
    return [entry.event.id for entry in entries]


def test_repeats_and_interleaving_leave_each_event_once(desk: Desk) -> None:
    """Any interleaving of partitions with repeats journals each event once, in the order of its partition."""
    populate(desk.company)
    desk.deliver(seed=3)
    assert sorted(journaled(desk)) == sorted(e.id for e in desk.company.events())
    entries = desk.journal.read(0, 10_000)
    for (source, partition), events in desk.company.partitions().items():
        seen = [e.event.id for e in entries if (e.event.service, e.event.partition) == (source, partition)]
        assert seen == [e.id for e in events]


def test_a_stretch_of_several_blocks_holds_each_position_once(desk: Desk) -> None:
    """Wherever it begins and ends; a position that is missing is told, at its end as well."""
    populate(desk.company, customers=60, rounds=6)
    desk.deliver(seed=3)
    head = desk.journal.head()
    assert head > 2 * BLOCK
    for after, upto in ((0, head), (BLOCK - 1, BLOCK + 1), (BLOCK, 2 * BLOCK), (7, 7), (head - 1, head)):
        stretch = desk.journal.scan(after, upto)
        assert [entry.position for entry in stretch] == list(range(after + 1, upto + 1))
    desk.database[JOURNAL].delete_one({"_id": BLOCK})
    for upto in (BLOCK, head):
        with pytest.raises(Corrupt, match=f"lacks position {BLOCK}"):
            list(desk.journal.scan(0, upto))


def test_the_counts_add_up(desk: Desk) -> None:
    """Received is applied plus duplicates, for every partition."""
    populate(desk.company)
    desk.deliver(seed=5)
    marks = [mark for parts in desk.journal.marks().values() for mark in parts.values()]
    assert sum(m.applied for m in marks) == len(desk.company.events())
    assert all(m.received == m.applied + m.duplicates for m in marks)
    assert sum(m.duplicates for m in marks) > 0


def test_a_lost_message_is_read_from_the_log(desk: Desk) -> None:
    """A batch that jumps over an event is completed from the source's log."""
    populate(desk.company, customers=2)
    events = desk.company.partitions()["sales", 0]
    added = desk.intake().receive("sales", 0, events[3:5])
    assert added == len(events)
    assert journaled(desk) == [e.id for e in events]


def test_a_lost_queue_is_noticed_without_traffic(desk: Desk) -> None:
    """The audit compares marks with the head of the source and fills what is missing."""
    populate(desk.company, customers=2)
    intake = desk.intake()
    assert intake.audit("sales") == len(desk.company.logs["sales"])
    assert intake.audit("sales") == 0


def test_a_second_process_does_not_double(desk: Desk) -> None:
    """An intake with an old mark in memory reads it again instead of journaling twice."""
    populate(desk.company, customers=2)
    events = desk.company.partitions()["contacts", 0]
    first, second = desk.intake(), desk.intake()
    second.receive("contacts", 0, events[:1])
    first.receive("contacts", 0, events)
    second.receive("contacts", 0, events)
    assert journaled(desk) == [e.id for e in events]


def test_concurrent_partitions_share_the_positions(desk: Desk) -> None:
    """Batches of several partitions appended at the same time leave a gap-free journal."""
    populate(desk.company)
    intake = desk.intake()
    threads = [
        Thread(target=intake.receive, args=(source, partition, events))
        for (source, partition), events in desk.company.partitions().items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(journaled(desk)) == sorted(e.id for e in desk.company.events())


def test_a_stale_mark_writes_nothing(desk: Desk) -> None:
    """A batch whose mark has moved on is refused as a whole."""
    populate(desk.company, customers=2)
    events = tuple(desk.company.partitions()["sales", 0])
    assert desk.journal.append(Batch("sales", 0, 0, events[:2], 2))
    assert not desk.journal.append(Batch("sales", 0, 0, events[:3], 3))
    assert desk.journal.head() == 2


def test_a_missing_entry_stops_the_reader(desk: Desk) -> None:
    """A gap in the journal is corruption, not something to skip."""
    populate(desk.company, customers=2)
    desk.deliver(seed=1)
    desk.database["journal"].delete_one({"_id": 3})
    desk.journal._tail = ()
    with pytest.raises(Corrupt):
        desk.journal.read(0, 100)
