"""Notes of the staff on the customer, and which kinds of interaction there were."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, later, stamp, with_new
from shared.events import Event

NOTES = 20
HEARD = frozenset({"InteractionRecorded"})


def noted(notes: State, event: Event) -> dict[str, Any]:
    """Keep the latest notes; their words are sealed for the stream they are from."""
    data = event.data
    told = {name: data[name] for name in ("handler", "subject") if name in data}
    item = {"at": event.occurred_at, "by": event.id, "stream": event.stream, **told}
    return with_new(notes, "items", data["interaction_id"], item, NOTES)


def is_note(event: Event) -> bool:
    """Tell whether somebody of the staff wrote something down."""
    return bool(event.data["kind"] == "note")


def counted(kinds: State, event: Event) -> dict[str, Any]:
    """Count interactions by kind, and keep the last of each."""
    kind, known = event.data["kind"], kinds.get(event.data["kind"])
    count = known["count"] + 1 if known else 1
    if not later(known, event):
        return {**kinds, kind: {**(known or {}), "count": count}}
    said = {name: event.data[name] for name in ("place", "outcome", "direction") if name in event.data}
    return {**kinds, kind: stamp(event, count=count, channel=event.meta.channel, **said)}


SECTION = Section("notes", HEARD, noted, personal=True, only=is_note)
KINDS = Section("interactions", HEARD, counted)
