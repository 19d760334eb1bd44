"""Events to test the transport with."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.events import Event, Meta

MOMENT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def event(position: int, previous: int = 0, partition: int = 0, stream: str = "order-1") -> Event:
    """Return a recorded event."""
    return Event(
        id=f"e{position}",
        service="sales",
        stream=stream,
        version=position,
        position=position,
        partition=partition,
        previous=previous,
        type="OrderPlaced",
        schema=1,
        data={"total": str(position)},
        occurred_at=MOMENT + timedelta(seconds=position),
        recorded_at=MOMENT + timedelta(seconds=position),
        meta=Meta(command_id=f"c{position}", correlation_id=f"c{position}"),
    )


def chain(positions: Sequence[int], partition: int = 0) -> list[Event]:
    """Return the events of one partition at these positions, each naming the one before."""
    before = [0, *positions]
    return [event(position, before[index], partition) for index, position in enumerate(positions)]
