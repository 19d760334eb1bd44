"""React to other services: find out whom an event is about by now, then ask the table what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from services.contacts.identity.index import Index
from services.contacts.identity.planner import PROFILE
from services.contacts.identity.who import Found, Named, Who, touched
from services.contacts.reactions import FORM, REACTIONS
from shared.decide import Streams
from shared.errors import Rejected
from shared.events import Event
from shared.identity import identifiers_of
from shared.react import context_of
from shared.receive import Instruct
from shared.receive.plan import Plan, Working

FOLLOWED = ("campaigns", "sales", "support")


class Reacting:
    """Plans the reactions of contacts; forms go the way of identity, everything else by the table."""

    def __init__(self, streams: Mapping[str, Streams[Any]], index: Index, who: Who) -> None:
        self._streams, self._index, self._who = streams, index, who

    def plan(self, events: Sequence[Event], fresh: bool) -> list[Plan | Rejected]:
        """Return one plan or refusal per event, later ones on what earlier ones found."""
        named = {e.id: self._named(e) for e in events if e.full_type == FORM}
        said = [n for n in named.values() if isinstance(n, Named)]
        owners = self._index.owners([link.ref for n in said for link in n.links], fresh)
        about = {ref: self._index.root(ref) for e in events if (ref := _about(e))}
        working = Working("contacts", self._streams, fresh)
        whole = [Instruct("contact", contact, None) for contact in about.values()]
        working.read([*whole, *touched(said, owners)])
        batch = Batch(self._who, working, owners, about)
        return [batch.one(event, named.get(event.id)) for event in events]

    def _named(self, event: Event) -> Named | Rejected:
        said = _fields(event)
        identifiers = {**said, "visitor_id": event.data.get("visitor_id") or said.get("visitor_id")}
        profile = {name: said[name] for name in PROFILE if said.get(name)}
        source = f"form-{event.data['form_id']}"[:200]
        try:
            return self._who.named(source, event.id, identifiers_of(identifiers), profile)
        except Rejected as error:
            return error


@dataclass
class Batch:
    """Events planned in turn; `seen` are the aggregates beside contacts that were read before."""

    who: Who
    working: Working
    owners: dict[str, str]
    about: Mapping[str, str]
    seen: set[str] = field(default_factory=set)

    def one(self, event: Event, named: Named | Rejected | None) -> Plan | Rejected:
        """Return the plan of one event."""
        try:
            if isinstance(named, Rejected):
                return named
            found = self._found(event, named)
            return self._decided(event, found) if found.contact else Plan()
        except Rejected as error:
            return error

    def _found(self, event: Event, named: Named | None) -> Found:
        if named is None:
            return Found(self.about.get(_about(event)))
        return self.who.find(named, self.owners, self.working)

    def _decided(self, event: Event, found: Found) -> Plan:
        contact, context = str(found.contact), context_of(event, "contacts")
        state = self.working.state("contact", contact).state
        instructions = [*found.instructions, *REACTIONS[event.full_type](event, contact, state)]
        self._read(instructions)
        about = replace(context, meta=replace(context.meta, customer=contact))
        plan = self.working.decide_in(about, instructions)
        plan.writes += found.writes
        self.owners.update(found.moved)
        return plan

    def _read(self, instructions: Sequence[Instruct]) -> None:
        new = [i for i in instructions if i.category != "contact" and i.key not in self.seen]
        self.working.read(new)
        self.seen.update(i.key for i in new)


def _about(event: Event) -> str:
    """Return the ref of the person: as the event says, else as it was known when it was recorded."""
    return str(event.data.get("contact_id") or event.meta.customer or "")


def _fields(event: Event) -> dict[str, str]:
    """Return what the form says, which comes as one JSON text; nothing when the person was erased."""
    said: dict[str, str] = orjson.loads(event.data.get("fields") or "{}")
    return {name: answer.strip() for name, answer in said.items()}
