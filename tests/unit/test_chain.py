"""The chain: a partition's events, each naming the one before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.consume.chain import ChainBroken, next_in_chain
from shared.events import Event
from tests.unit.examples import chain

positions = st.lists(st.integers(1, 1000), unique=True, min_size=1, max_size=30).map(sorted)


def test_a_whole_chain_passes() -> None:
    """Every event of an unbroken chain is yielded once."""
    events = chain([3, 4, 9])
    assert list(next_in_chain(0, events)) == events


@given(positions, st.data())
def test_repeats_are_skipped(at: list[int], data: st.DataObject) -> None:
    """However often earlier parts are delivered again, each event passes once."""
    events = chain(at)
    delivered: list[Event] = []
    for end in range(1, len(events) + 1):
        delivered += events[data.draw(st.integers(0, end - 1)) : end]
    assert list(next_in_chain(0, delivered)) == events


@given(positions, st.randoms(use_true_random=False))
def test_disorder_never_passes_unnoticed(at: list[int], random) -> None:
    """Of any shuffle with drops and repeats only a prefix of the chain passes, or the break is raised."""
    events = chain(at)
    delivered = [event for event in events * 2 if random.random() < 0.7]
    random.shuffle(delivered)
    passed, broken = until_broken(delivered)
    assert passed == events[: len(passed)]
    last = passed[-1].position if passed else 0
    assert broken or all(event.position <= last for event in delivered)
    assert not broken or broken.mark == last < broken.event.previous


def test_a_missing_event_is_named() -> None:
    """The break tells where to read on from."""
    events = chain([1, 2, 3])
    with pytest.raises(ChainBroken, match="after position 1 came 3, which follows 2"):
        list(next_in_chain(0, [events[0], events[2]]))


def until_broken(delivered: list[Event]) -> tuple[list[Event], ChainBroken | None]:
    """Return what passed, and the break that ended it."""
    passed: list[Event] = []
    try:
        for event in next_in_chain(0, delivered):
            passed.append(event)  # noqa: PERF402 - what passed before the break counts
    except ChainBroken as error:
        return passed, error
    return passed, None
