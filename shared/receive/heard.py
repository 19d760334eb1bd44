"""A channel event as a service hears it, and what the service then instructs its aggregates to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.identity import Identifier


@dataclass(frozen=True, slots=True)
class Heard:
    """A channel event that its contract has accepted.

    `customer` is the ref of the strongest identifier it names; `fingerprint` tells same content from other.
    """

    id: str
    source: str
    type: str
    time: datetime
    data: Mapping[str, Any]
    fingerprint: str
    customer: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    correlation_id: str = ""
    traceparent: str | None = None

    @property
    def system(self) -> str:
        """The channel system: the second word of the type, such as `web`."""
        return self.type.split(".")[1]

    @property
    def key(self) -> str:
        """What makes the event one of its kind: source and id."""
        return f"{self.source}|{self.id}"


@dataclass(frozen=True, slots=True)
class Instruct:
    """One command for one aggregate, named by its category and id. `at` is its moment, else the event's."""

    category: str
    key: str
    command: Any
    at: datetime | None = None


Apply = Callable[[Heard], Sequence[Instruct]]
