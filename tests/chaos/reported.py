"""What a channel reports with what has to come of it, and a customer with what has to be known of them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SOURCES = {"door": "shop", "sdk": "till", "raw": "legacy"}
OWNERS = {
    "page_viewed": "contacts",
    "visitor_identified": "contacts",
    "visit_recorded": "contacts",
    "call_ended": "contacts",
    "order_placed": "sales",
    "goods_returned": "sales",
    "order_cancelled": "sales",
    "payment_received": "sales",
    "opportunity_reported": "sales",
    "campaign_call_made": "campaigns",
    "campaign_response_received": "campaigns",
    "ticket_opened": "support",
    "ticket_message_received": "support",
    "nonsense_said": "contacts",
}


@dataclass(frozen=True)
class Reported:
    """One event as a channel reports it by one of three ways.

    `outcome` is what has to become of it at its owner: `applied`, `quarantined` after a look at the state,
    `refused` when its contract says no, `contradicts` when its id was used for other content; or nothing at
    all when it is `rejected` at the door. `facts` are the domain events it leads to, each with the stream or
    `source|id` it belongs to.
    """

    way: str
    id: str
    type: str
    data: dict[str, Any]
    time: datetime
    outcome: str = "applied"
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def owner(self) -> str:
        """The service that answers for it."""
        return OWNERS[self.type.split(".")[2]]

    @property
    def source(self) -> str:
        """The source that reports this way."""
        return SOURCES[self.way]

    @property
    def key(self) -> str:
        """What makes it one of its kind."""
        return f"{self.source}|{self.id}"

    @property
    def cloud_event(self) -> dict[str, Any]:
        """The event in structured form."""
        time = self.time.isoformat().replace("+00:00", "Z")
        return {"id": self.id, "source": self.source, "type": self.type, "time": time, "data": self.data}


@dataclass
class Person:
    """One customer and what the view of them has to say in the end."""

    number: int
    gross: int = 0
    returned: int = 0
    cancelled: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = self.number
        self.identifiers = {
            "visitor_id": f"v-{n}",
            "email": f"person{n}@load.example",
            "loyalty_id": f"L-{n}",
            "customer_no": f"N-{n}",
        }

    def known_by(self, *kinds: str) -> dict[str, str]:
        """The identifiers of these kinds."""
        return {kind: self.identifiers[kind] for kind in kinds}

    def count(self, name: str, step: int = 1) -> None:
        """Expect one more."""
        self.counts[name] = self.counts.get(name, 0) + step
