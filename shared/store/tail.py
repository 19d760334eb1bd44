"""The newest events of the log in memory: whoever follows it closely costs the database nothing."""

from collections.abc import Sequence

from shared.events import Event

KEPT = 2_000


class Tail:
    """Committed events without gaps, as this process appended them; what another appends begins it anew."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._events: tuple[Event, ...] = ()

    def add(self, events: Sequence[Event]) -> None:
        """Take note of events that are committed."""
        if events:
            follows = bool(self._events) and self._events[-1].position + 1 == events[0].position
            self._events = ((*self._events, *events) if follows else tuple(events))[-self._kept :]

    def after(self, position: int, limit: int) -> list[Event]:
        """Return up to `limit` events after a position; none when the first of them is not here."""
        events = self._events
        if not events or not events[0].position <= position + 1 <= events[-1].position:
            return []
        start = position + 1 - events[0].position
        return list(events[start : start + limit])
