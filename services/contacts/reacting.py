"""React to other services: find out whom an event is about by now, then ask the table what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from services.contacts.identity.index import Index
from services.contacts.identity.planner import PROFILE
from services.contacts.identity.who import Named, Who, touched
from services.contacts.reactions import FORM, REACTIONS
from shared.decide import Streams
from shared.errors import Rejected
from shared.events import Event
from shared.identity import identifiers_of
from shared.react.reactor import context_of
from shared.receive import Instruct
from shared.receive.plan import Plan, Working
from shared.store.write import Write

FOLLOWED = ("campaigns", "sales", "support")


class Reacting:
    """Plans the reactions of contacts; forms go the way of identity, everything else by the table."""

    def __init__(self, streams: Mapping[str, Streams[Any]], index: Index, who: Who) -> None:
        self._streams, self._index, self._who = streams, index, who

    def plan(self, events: Sequence[Event], fresh: bool) -> list[Plan | Rejected]:
        """Return one plan or refusal per event, later ones on what earlier ones found."""
        named = {e.id: self._named(e) for e in events if e.full_type == FORM}
        owners = self._index.owners([link.ref for n in named.values() for link in n.links], fresh)
        about = {ref: self._index.root(ref) for e in events if (ref := _about(e))}
        working = Working("contacts", self._streams, fresh)
        whole = [Instruct("contact", contact, None) for contact in about.values()]
        working.read([*whole, *touched(list(named.values()), owners)])
        return [self._one(e, named.get(e.id), owners, about.get(_about(e)), working) for e in events]

    def _one(
        self, event: Event, named: Named | None, owners: dict[str, str], about: str | None, working: Working
    ) -> Plan | Rejected:
        try:
            if named is not None:
                return self._form(event, named, owners, working)
            if about is None:
                return Plan()
            state = working.state("contact", about).state
            return _decided(event, about, REACTIONS[event.full_type](event, about, state), [], working)
        except Rejected as error:
            return error

    def _form(self, event: Event, named: Named, owners: dict[str, str], working: Working) -> Plan:
        found = self._who.find(named, owners, working)
        if found.contact is None:
            return Plan()
        state = working.state("contact", found.contact).state
        consent = REACTIONS[FORM](event, found.contact, state)
        plan = _decided(event, found.contact, [*found.instructions, *consent], found.writes, working)
        owners.update(found.moved)
        return plan

    def _named(self, event: Event) -> Named:
        said = _fields(event)
        identifiers = {**said, "visitor_id": event.data.get("visitor_id") or said.get("visitor_id")}
        profile = {name: str(said[name]) for name in PROFILE if said.get(name)}
        source = f"form-{event.data['form_id']}"[:200]
        return self._who.named(source, event.id, identifiers_of(identifiers), profile)


def _decided(
    event: Event, contact: str, instructions: list[Instruct], writes: list[Write], working: Working
) -> Plan:
    context = context_of(event, "contacts")
    working.read(i for i in instructions if i.category != "contact")
    plan = working.decide_in(replace(context, meta=replace(context.meta, customer=contact)), instructions)
    plan.writes += writes
    return plan


def _about(event: Event) -> str:
    """Return the ref of the person: as the event says, else as it was known when it was recorded."""
    return str(event.data.get("contact_id") or event.meta.customer or "")


def _fields(event: Event) -> dict[str, Any]:
    """Return what the form says; sealed as one text, and nothing when the person was erased."""
    said = event.data.get("fields")
    known = orjson.loads(said) if isinstance(said, str) else said
    return dict(known or {})
