"""A front office in memory: the real receiver, planner and log, without broker and database."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from services.contacts.domain import DECIDERS
from services.contacts.domain.standard import STANDARD
from services.contacts.erasure import Erasure
from services.contacts.identity.index import Index
from services.contacts.identity.planner import Identifying
from services.contacts.identity.who import Who
from services.contacts.merging import Merging
from shared.consume.delivery import Delivery
from shared.contracts.catalogue import CATALOGUE
from shared.decide import Context, streams_of
from shared.events import Meta
from shared.events.clock import now, rfc3339
from shared.events.ids import fresh
from shared.identity import Identifier, Refs
from shared.plan import Declared
from shared.privacy import MemoryKeyStore, Vault
from shared.receive.receiver import Receiver
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN


def delivery(type_: str, data: Any, event_id: str = "", source: str = "test") -> Delivery:
    """A channel event as the broker delivers it."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": event_id or fresh(),
        "ce-source": source,
        "ce-type": type_,
        "ce-time": rfc3339(WHEN),
    }
    return Delivery(orjson.dumps(data), headers, "application/json")


def seen(event_id: str = "", **customer: str) -> Delivery:
    """A page view of somebody."""
    return delivery("channel.web.page_viewed.v1", {"page": "/", "customer": customer}, event_id)


@dataclass
class Desk:
    """The front office; `receive` takes deliveries, `types` tells what its log says."""

    store: MemoryStore = field(default_factory=lambda: MemoryStore("contacts"))
    refs: Refs = field(default_factory=lambda: Refs(b"k" * 32))
    vault: Vault = field(default_factory=lambda: Vault(MemoryKeyStore()))

    def __post_init__(self) -> None:
        self.streams = streams_of(self.store, DECIDERS, self.vault)
        self.who = Who(self.refs)
        self.index = Index(self.store)
        declared = Declared(self.streams, "contact", STANDARD)
        planner = Identifying(self.streams, self.index, self.who, CATALOGUE, declared)
        self.receiver = Receiver("contacts", self.store, self.vault, planner, CATALOGUE, self.refs, now)
        self.merging = Merging(self.store, self.streams["contact"], self.index)
        self.erasure = Erasure(self.streams["contact"], self.index, self.vault)

    def receive(self, *deliveries: Delivery) -> None:
        """Take a batch."""
        self.receiver(deliveries)

    def types(self, *kinds: str) -> list[str]:
        """The types of the events in the log, all or of these kinds."""
        return [e.type for e in self.store.events if not kinds or e.type in kinds]

    def ref(self, kind: str, value: str) -> str:
        """The ref of an identifier."""
        return self.refs.of(Identifier(kind, value))

    def contact(self, kind: str, value: str) -> str | None:
        """The contact an identifier belongs to."""
        return self.index.owners([self.ref(kind, value)], fresh=True).get(self.ref(kind, value))

    def ledger(self, source: str = "test") -> dict[str, int]:
        """What became of the events of a source."""
        found = dict(self.store.documents["ledger"].get(source, {}))
        found.pop("_id", None)
        return found

    def context(self) -> Context:
        """The context of a command given by hand."""
        return Context(now(), Meta(fresh(), fresh()))
