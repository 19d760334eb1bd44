"""The recorded event and what surrounds its payload."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Meta:
    """Why and by whom an event came to be. `customer` is the ref as known then; it is never rewritten."""

    command_id: str
    correlation_id: str
    causation_id: str | None = None
    actor: str = "system"
    channel: str = "system"
    customer: str | None = None
    source: str | None = None
    source_event_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A decided event before it has a place in the log. Personal fields in `data` are already sealed."""

    type: str
    schema: int
    data: Mapping[str, Any]
    occurred_at: datetime
    meta: Meta


@dataclass(frozen=True, slots=True)
class Event:
    """An event in a service's log.

    `position` is gap-free per service from 1, `version` gap-free per stream from 1, `previous` the position
    of the event before it in its partition (0 for none). `occurred_at` is business time, `recorded_at`
    knowledge time.
    """

    id: str
    service: str
    stream: str
    version: int
    position: int
    partition: int
    previous: int
    type: str
    schema: int
    data: Mapping[str, Any]
    occurred_at: datetime
    recorded_at: datetime
    meta: Meta = field(repr=False)

    @property
    def full_type(self) -> str:
        """The type on the wire, such as `rapport.sales.OrderPlaced.v1`."""
        return f"rapport.{self.service}.{self.type}.v{self.schema}"
