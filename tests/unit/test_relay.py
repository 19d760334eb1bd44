"""The relay: whatever crashes at whatever line, nothing is lost and no partition is reordered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.consume.chain import next_in_chain
from shared.events import Event
from shared.events.wire import Message, decode
from shared.relay.lease import Leadership
from shared.relay.memory import MemoryRelayState
from shared.relay.publisher import Outcome
from shared.relay.relay import Relay
from shared.store.port import Head
from tests.unit.examples import MOMENT, event


class Crash(BaseException):
    """The process ends here."""


class Fuse:
    """Crashes at the n-th passage from now, once."""

    def __init__(self) -> None:
        self.left = -1

    def pass_(self) -> None:
        """Crash if it is time."""
        self.left -= 1
        if self.left == 0:
            raise Crash


class FakeLog:
    """A log in two partitions."""

    def __init__(self, fuse: Fuse) -> None:
        self.fuse, self.events, self.tails = fuse, list[Event](), [0, 0]

    def append(self, partition: int) -> None:
        """Append one event to a partition."""
        position = len(self.events) + 1
        self.events.append(event(position, self.tails[partition], partition))
        self.tails[partition] = position

    def read_log(self, after: int, limit: int, partition: int | None = None) -> list[Event]:  # noqa: ARG002
        """Read on."""
        self.fuse.pass_()
        return self.events[after : after + limit]

    def head(self) -> Head:
        """The end."""
        return Head(len(self.events), tuple(self.tails))


class FakeBroker:
    """Takes messages one by one, so that a crash leaves the front of a lot."""

    def __init__(self, fuse: Fuse) -> None:
        self.fuse, self.queue = fuse, list[Message]()

    def publish(self, messages: Sequence[Message]) -> Outcome:
        """Take them."""
        for message in messages:
            self.fuse.pass_()
            self.queue.append(message)
        self.fuse.pass_()
        return Outcome(len(messages))


class FusedState(MemoryRelayState):
    """Crashes before and after every write."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def swap_lease(self, *arguments) -> bool:
        """Swap, with a chance to crash on both sides."""
        self.fuse.pass_()
        swapped = super().swap_lease(*arguments)
        self.fuse.pass_()
        return swapped

    def advance(self, *arguments) -> bool:
        """Advance, with a chance to crash on both sides."""
        self.fuse.pass_()
        advanced = super().advance(*arguments)
        self.fuse.pass_()
        return advanced


class World:
    """A log, a broker and relay processes that come and go."""

    def __init__(self) -> None:
        self.fuse, self.now = Fuse(), MOMENT
        self.log, self.broker, self.state = FakeLog(self.fuse), FakeBroker(self.fuse), FusedState(self.fuse)
        self.started = 0
        self.relays = [self.new_relay(), self.new_relay()]

    def clock(self) -> datetime:
        """The world's time."""
        return self.now

    def new_relay(self) -> Relay:
        """Start a process."""
        self.started += 1
        leadership = Leadership(self.state, "relay", f"process {self.started}", self.clock)
        return Relay(self.log, self.state, self.broker, leadership, limit=3)

    def step(self, which: int) -> None:
        """Let one process work; replace it when it crashes."""
        try:
            self.relays[which].step()
        except Crash:
            self.relays[which] = self.new_relay()

    def finish(self) -> None:
        """Let the survivors publish the rest."""
        self.fuse.left = -1
        for _ in range(len(self.log.events) + 2):
            self.now += timedelta(seconds=11)
            self.step(0)


actions = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 1)),
        st.tuples(st.just("step"), st.integers(0, 1)),
        st.tuples(st.just("crash"), st.integers(1, 8)),
        st.tuples(st.just("wait"), st.integers(1, 12)),
    ),
    max_size=60,
)


@given(actions)
def test_no_crash_loses_or_reorders(history: list[tuple[str, int]]) -> None:
    """After any history of appends, crashes and changes of leader every partition is a whole chain."""
    world = World()
    for action, number in history:
        match action:
            case "append":
                world.log.append(number)
            case "step":
                world.step(number)
            case "crash":
                world.fuse.left = number
            case "wait":
                world.now += timedelta(seconds=number)
    world.finish()
    received = [decode(message.headers, message.body) for message in world.broker.queue]
    for partition in (0, 1):
        wanted = [one for one in world.log.events if one.partition == partition]
        assert list(next_in_chain(0, [one for one in received if one.partition == partition])) == wanted
    assert world.relays[0].lag() == 0


def test_only_one_leads() -> None:
    """The second process waits until the first one's lease runs out or is given up."""
    world = World()
    for _ in range(4):
        world.log.append(0)
    first, second = world.relays
    assert (first.step(), second.step()) == (3, 0)
    first.release()
    assert (second.step(), first.step()) == (1, 0)
    world.now += timedelta(seconds=11)
    assert (first.step(), second.step()) == (0, 0)


def test_lag_is_measured_against_the_log() -> None:
    """Lag is what the log holds beyond the checkpoint."""
    world = World()
    for _ in range(5):
        world.log.append(1)
    assert world.relays[0].lag() == 5
    world.step(0)
    assert world.relays[1].lag() == 2
