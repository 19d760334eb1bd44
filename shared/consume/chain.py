"""Every event names the one before it in its partition, so a queue is a chain that can be checked."""

from collections.abc import Iterable, Iterator

from shared.errors import Error
from shared.events import Event


class ChainBroken(Error):
    """Between `mark` and `event` something was lost or reordered: read the log of the source from `mark`."""

    def __init__(self, mark: int, event: Event) -> None:
        self.mark, self.event = mark, event
        super().__init__(f"after position {mark} came {event.position}, which follows {event.previous}")


def next_in_chain(mark: int, events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events of one partition not applied yet, in order; repeats are skipped.

    Raises ChainBroken instead of jumping over a missing event (proved by tests/unit/test_chain.py).
    """
    for event in events:
        if event.position <= mark:
            continue
        if event.previous != mark:
            raise ChainBroken(mark, event)
        mark = event.position
        yield event
