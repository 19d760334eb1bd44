"""What was emitted and not confirmed survives, in order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.channel.errors import SpoolDamaged, SpoolFull, SpoolTaken
from shared.channel.message import Message
from shared.channel.outbox import Outbox


def note(number):
    """A message with a readable id."""
    return Message(f"{number:06d}", "channel.web.page_viewed.v1.0", {"ce-id": str(number)}, b'{"page":"/"}')


def outbox(directory, **options):
    """A small outbox."""
    return Outbox(directory, **{"durable": False, "memory": 5, "limit": 100_000} | options)


def ids(entries):
    """The ids of taken entries."""
    return [entry.message.id for entry in entries]


def test_a_durable_message_is_on_disk_when_put_returns(tmp_path):
    """A crash right after put loses nothing: the next process finds it."""
    first = outbox(tmp_path, durable=True)
    first.put(note(1))
    copy = tmp_path / "after-crash"
    copy.mkdir()
    for path in tmp_path.glob("*.spool"):
        (copy / path.name).write_bytes(path.read_bytes())
    assert ids(outbox(copy).take(9)) == ["000001"]


def test_while_the_broker_is_away_messages_go_to_disk(tmp_path):
    """What is emitted during an outage is there after a restart, in order, behind what was in memory."""
    first = outbox(tmp_path)
    first.put(note(1))
    first.away()
    first.put(note(2))
    first.close()
    assert ids(outbox(tmp_path).take(9)) == ["000001", "000002"]


def test_taken_and_unconfirmed_comes_first_again(tmp_path):
    """After a lost connection the unconfirmed messages are offered again before newer ones."""
    box = outbox(tmp_path)
    for number in range(4):
        box.put(note(number))
    taken = box.take(3)
    box.confirm(taken[:1])
    box.away()
    assert ids(box.take(9)) == ["000001", "000002", "000003"]


def test_confirmed_messages_leave_no_file(tmp_path):
    """The spool is empty once the broker has everything."""
    box = outbox(tmp_path, durable=True)
    for number in range(3):
        box.put(note(number))
    box.confirm(box.take(9))
    left = sum(path.stat().st_size for path in tmp_path.glob("*.spool"))
    box.close()
    assert (box.pending, left, list(tmp_path.glob("*.spool"))) == (0, 0, [])


def test_a_full_spool_says_so_and_takes_nothing(tmp_path):
    """At the size limit put fails with the directory and the sizes; what was taken is still there."""
    box = outbox(tmp_path, durable=True, limit=200)
    box.put(note(1))
    with pytest.raises(SpoolFull, match="of 200 bytes"):
        [box.put(note(number)) for number in range(2, 9)]
    assert ids(box.take(99))[0] == "000001"


def test_a_torn_last_line_is_dropped(tmp_path):
    """Half a line was never promised to anyone."""
    (tmp_path / "001000000.spool").write_bytes(note(1).to_line() + note(2).to_line()[:20])
    assert ids(outbox(tmp_path).take(9)) == ["000001"]


def test_a_damaged_file_is_refused(tmp_path):
    """A file with foreign content stops the start instead of being skipped."""
    (tmp_path / "001000000.spool").write_bytes(b"not ours\n" + note(2).to_line())
    with pytest.raises(SpoolDamaged):
        outbox(tmp_path)


def test_a_directory_belongs_to_one_process(tmp_path):
    """A second holder is refused with a reason."""
    first = outbox(tmp_path)
    with pytest.raises(SpoolTaken):
        outbox(tmp_path)
    first.close()


def test_what_is_confirmed_is_not_found_again_in_a_file_that_is_read_in_part(tmp_path):
    """An orderly end leaves no confirmed message behind in front of one that waits."""
    first = outbox(tmp_path, memory=3)
    for number in range(5):
        first.put(note(number))
    first.confirm([entry for entry in first.take(5) if entry.message.id == "000003"])
    for number in range(5, 9):
        first.put(note(number))
    first.close()
    assert ids(outbox(tmp_path).take(99)) == [f"{number:06d}" for number in (0, 1, 2, 4, 5, 6, 7, 8)]
    assert list(tmp_path.glob("*.rest")) == []


class Outboxes(RuleBasedStateMachine):
    """Order and completeness hold under any mix of puts, takes, confirms, outages and restarts."""

    def __init__(self):
        super().__init__()
        import tempfile
        from pathlib import Path

        self.directory = Path(tempfile.mkdtemp())
        self.box = outbox(self.directory, durable=False, memory=3)
        self.waiting, self.taken, self.put_count = [], [], 0

    @rule(count=st.integers(1, 5))
    def put(self, count):
        """New messages wait behind all others."""
        for _ in range(count):
            self.box.put(note(self.put_count))
            self.waiting.append(f"{self.put_count:06d}")
            self.put_count += 1

    @rule(most=st.integers(1, 6))
    def take(self, most):
        """The oldest come first."""
        got = self.box.take(most)
        assert ids(got) == self.waiting[:most]
        self.taken += got
        del self.waiting[:most]

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def confirm(self, data):
        """The broker confirms in any order."""
        entry = self.taken.pop(data.draw(st.integers(0, len(self.taken) - 1)))
        self.box.confirm([entry])

    @precondition(lambda self: self.taken)
    @rule()
    def refuse(self):
        """The broker refuses; they are offered again."""
        self.box.give_back(self.taken)
        self.waiting = ids(self.taken) + self.waiting
        self.taken = []

    @rule(back=st.booleans())
    def lose_the_broker(self, back):
        """The connection ends."""
        self.box.away()
        self.waiting = ids(self.taken) + self.waiting
        self.taken = []
        if back:
            self.box.here()

    @rule()
    def the_broker_is_back(self):
        """A connection stands."""
        self.box.here()

    @rule()
    def restart(self):
        """Everything unconfirmed is found again, oldest first."""
        self.box.close()
        self.box = outbox(self.directory, memory=3)
        unconfirmed = sorted([*ids(self.taken), *self.waiting])
        entries = self.box.take(10_000)
        found = ids(entries)
        assert set(found) >= set(unconfirmed)
        found = list(dict.fromkeys(found))  # a message may be on disk twice; receivers know its id
        assert sorted(found) == found
        self.box.away()
        self.box.here()
        self.taken, self.waiting = [], ids(entries)

    @invariant()
    def nothing_is_forgotten(self):
        """Pending counts all that is not confirmed."""
        assert self.box.pending == len(self.waiting) + len(self.taken)


TestOutboxes = Outboxes.TestCase
TestOutboxes.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
