"""One line of the journal: an event of some service, and its place in analytics' own order."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from shared.events import Event, Meta

Document = dict[str, Any]
# Events in streams of something else that are about a person named in them.
ABOUT: Mapping[str, str] = {
    "ContactLinked": "contact_id",
    "ContactUnlinked": "contact_id",
    "OfferIssued": "contact_id",
    "OfferRedeemed": "contact_id",
}
BLOCK = 1_000
META = tuple(f.name for f in fields(Meta) if f.name != "customer")


@dataclass(frozen=True, slots=True)
class Entry:
    """`position` is the place in the journal, gap-free from 1; `event.position` that in its service's log."""

    position: int
    event: Event


@dataclass(frozen=True, slots=True)
class Until:
    """Two clocks that bound a question: what had happened by then, and what was known by then."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    def holds(self, occurred_at: datetime, recorded_at: datetime) -> bool:
        """Tell whether something of these moments lies within both bounds."""
        happened = self.as_of is None or occurred_at <= self.as_of
        return happened and (self.known_at is None or recorded_at <= self.known_at)

    @property
    def open(self) -> bool:
        """Whether neither clock is bound."""
        return self.as_of is None and self.known_at is None


def concerning(event: Event) -> Event:
    """Return the event with the ref of the person it is about, as known then."""
    if event.type not in ABOUT:
        return event
    return replace(event, meta=replace(event.meta, customer=event.data.get(ABOUT[event.type])))


def block_of(position: int) -> int:
    """Return the block of the journal that a position is in: what long stretches are read by."""
    return (position - 1) // BLOCK


def to_document(entry: Entry) -> Document:
    """Return the stored form of an entry; `from_document` is its inverse."""
    event = entry.event
    return {
        "_id": entry.position,
        "block": block_of(entry.position),
        "id": event.id,
        "service": event.service,
        "stream": event.stream,
        "version": event.version,
        "position": event.position,
        "partition": event.partition,
        "previous": event.previous,
        "type": event.type,
        "schema": event.schema,
        "customer": event.meta.customer,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "data": event.data,
        "meta": {name: v for name in META if (v := getattr(event.meta, name)) is not None},
    }


def from_document(known: Mapping[str, Any]) -> Entry:
    """Return the entry of a stored document."""
    event = Event(
        known["id"], known["service"], known["stream"], known["version"], known["position"],
        known["partition"], known["previous"], known["type"], known["schema"], known["data"],
        known["occurred_at"], known["recorded_at"], Meta(customer=known["customer"], **known["meta"]),
    )  # fmt: skip
    return Entry(known["_id"], event)
