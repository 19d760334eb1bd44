"""What every projection owes: one view for one set of events, in whatever order it is folded."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from shared.events import Event
from shared.project.digest import canonical
from shared.project.projection import Projection

Views = Mapping[str, bytes]
ORDERS = 5


class ProjectionSpec:
    """Folds a history straight, again and shuffled across streams, and demands equal views.

    `spec.given(*events).then("key")` returns the view of a key, or None; a customer is its own key here.
    """

    def __init__(self, projection: Projection, seed: int = 0) -> None:
        self.projection, self._random = projection, random.Random(seed)  # noqa: S311 order, not secrets
        self._events: list[Event] = []

    def given(self, *events: Event) -> "ProjectionSpec":
        """Take the history, each stream in order. Raises AssertionError when the order shows in a view."""
        self._events += events
        straight = self.fold(self._events)
        if self.fold(self._events) != straight:
            raise AssertionError("folding the same events twice gave two views")
        for _ in range(ORDERS):
            order = shuffled(self._events, self._random)
            if self.fold(order) != straight:
                raise AssertionError(f"the order shows: {[e.type for e in order]}")
        return self

    def then(self, key: str) -> Any:
        """Return the view of a key after the history."""
        view = None
        for event in self._events:
            for known, part in self.projection.parts(event):
                view = self.projection.project(view, part) if known == key else view
        return view

    def fold(self, events: Sequence[Event]) -> Views:
        """Return every view in canonical form."""
        views: dict[str, Any] = {}
        for event in events:
            for key, part in self.projection.parts(event):
                views[key] = self.projection.project(views.get(key), part)
        return {key: canonical(dict(view)) for key, view in views.items() if view is not None}


def shuffled(events: Sequence[Event], chance: random.Random) -> list[Event]:
    """Return the events interleaved at random; the events of one stream stay in order."""
    streams: dict[str, list[Event]] = {}
    for event in events:
        streams.setdefault(event.stream, []).append(event)
    tickets = [stream for stream, mine in streams.items() for _ in mine]
    chance.shuffle(tickets)
    left = {stream: iter(mine) for stream, mine in streams.items()}
    return [next(left[stream]) for stream in tickets]
