"""The office behind the desk, in memory: registering, completing, importing, reacting, reading."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.contacts.domain.standard import STANDARD
from services.contacts.office.completing import Completing, Concerning
from services.contacts.office.exporting import Exporting
from services.contacts.office.importing import Importing, Row
from services.contacts.office.organizing import Organizing
from services.contacts.office.reading import Reading
from services.contacts.office.registering import Person, Registered, Registering
from services.contacts.reacting import Reacting
from services.contacts.reactions import REACTIONS
from shared.consume.source_log import SourceHead
from shared.errors import Unavailable
from shared.events import Event, Meta, NewEvent
from shared.events.clock import now
from shared.events.ids import fresh
from shared.plan import Declared
from shared.plan.messages import PublishPlan
from shared.react import Reactor
from shared.service.preparing import Preparing
from shared.store.memory import MemoryStore
from shared.store.port import Append, Expect, append
from shared.testing.controls import WHEN
from tests.unit.contacts.desk import Desk


class Source:
    """The log of another service."""

    def __init__(self, name: str) -> None:
        self.store, self.away = MemoryStore(name, partitions=1), False

    def about(self, customers: Sequence[str], ids: Sequence[str]) -> list[Event]:
        """What the log holds about a person."""
        if self.away:
            raise Unavailable("away")
        return self.store.read_about(customers, ids)

    def happen(self, type_: str, customer: str | None, **data: Any) -> Event:
        """Append an event and return it as recorded."""
        event = NewEvent(type_, 1, data, WHEN, Meta(fresh(), "chain-1", customer=customer))
        append(self.store, Append(f"thing-{fresh()}", Expect.NO_STREAM, (event,), fresh()))
        return self.store.read_log(self.store.head().position - 1, 1)[0]

    def read(self, after: int, limit: int, partition: int) -> list[Event]:
        """Part of the SourceLog port."""
        return self.store.read_log(after, limit, partition)

    def head(self) -> SourceHead:
        """Part of the SourceLog port."""
        return SourceHead(self.store.head().position, self.store.head().tails)


class Office(Desk):
    """A desk with the office behind it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        contacts, declared = self.streams["contact"], Declared(self.streams, "contact", STANDARD)
        self.completing = Completing(contacts, self.index, self.refs, self.who, declared)
        self.organizing = Organizing(self.store, self.streams, self.index)
        self.hooks = {
            "contact": Preparing(self.index.root, self.completing),
            "interaction": Preparing(complete=Concerning(contacts, self.index)),
            "organization": Preparing(self.organizing.resolve, self.organizing.complete),
        }
        self.registering = Registering(self.store, self.vault, self.streams, self.index, self.who, declared)
        self.importing = Importing(self.store, self.streams, self.registering)
        self.reading = Reading(contacts, self.index, self.vault, declared)
        self.sources = {name: Source(name) for name in ("campaigns", "sales", "support")}
        parts = (self.store, contacts, self.index, self.vault)
        self.exporting = Exporting(*parts, self.sources)
        plan = Reacting(self.streams, self.index, self.who).plan
        parts = ("contacts", self.store, self.vault, self.streams, REACTIONS, self.sources, now)
        self.reactor = Reactor(*parts, plan)
        self.reactor.prepare()

    def register(self, profile: dict[str, str] | None = None, **identifiers: str) -> Registered:
        """Register somebody by hand."""
        return self.registering.register(Person(identifiers, profile or {}), self.context())

    def do(self, command: Any, category: str = "contact") -> Any:
        """Give a command as over HTTP: resolved and completed; return the state after it."""
        own = next(iter(command.__dataclass_fields__))
        hooks = self.hooks.get(category, Preparing())
        key = hooks.resolve(getattr(command, own))
        prepared = hooks.complete(replace(command, **{own: key}))
        context = self.context()
        about = replace(context, meta=replace(context.meta, customer=prepared.customer))
        handled = self.streams[category].handle(key, prepared.command, about, writes=prepared.writes)
        return handled[1].state

    def declare(self, *commands: Any) -> None:
        """Change the collection plan of contacts and publish it."""
        for command in (*commands, PublishPlan("contact")):
            self.do(command, "plan")

    def try_(self, number: int, profile: dict[str, str] | None = None, **identifiers: str) -> dict[str, Any]:
        """Try a row of the file `f1`."""
        row = Row(number, Person(identifiers, profile or {}, "import-f1"))
        return self.importing.validate("f1", [row], self.context())[0]

    def take(self, number: int, profile: dict[str, str] | None = None, **identifiers: str) -> dict[str, Any]:
        """Take a row of the file `f1`."""
        row = Row(number, Person(identifiers, profile or {}, "import-f1"))
        return self.importing.take("f1", [row], self.context())[0]

    def told(self, source: str, *events: Event) -> None:
        """Hear events of another service."""
        self.reactor.receive(source, 0, events)
