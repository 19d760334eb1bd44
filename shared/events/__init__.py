"""Events: the recorded fact, its ids, its time and its form on the wire."""

from shared.events.event import Event, Meta, NewEvent

__all__ = ["Event", "Meta", "NewEvent"]
