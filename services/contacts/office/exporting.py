"""Give a person all that is held about them, in every service, in the clear."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.contacts.domain.contact import Contact, NoteExport
from services.contacts.identity.group import group_of, moved_of
from services.contacts.identity.index import Index
from shared.decide import Context, Streams
from shared.errors import NotFound, Unavailable
from shared.events import Event
from shared.events.wire import to_json
from shared.privacy import Vault
from shared.privacy.keeping import EXPIRED, over
from shared.privacy.sealing import is_sealed
from shared.store.port import Store


class Peer(Protocol):
    """Another service, asked for what its log holds about a person."""

    def about(self, customers: Sequence[str], ids: Sequence[str]) -> list[Event]:
        """Return the events about these refs, and those with these ids. Raises Unavailable."""
        ...


class Exporting:
    """Asks every service's log. One that is away is named as missing: the export says that it is partial."""

    def __init__(
        self, store: Store, contacts: Streams[Contact], index: Index, vault: Vault, peers: Mapping[str, Peer]
    ) -> None:
        self._store, self._contacts, self._index = store, contacts, index
        self._vault, self._peers = vault, peers

    def export(self, key: str, request_id: str, context: Context) -> dict[str, Any]:
        """Return all events of the person, oldest first; the export is written down. Raises NotFound."""
        group = group_of(self._contacts, self._index.root(key))
        if not group:
            raise NotFound(f"there is no contact {key}")
        told, missing = self._told(group)
        survivor, services = next(iter(group)), tuple(sorted(told))
        found = sorted((e for several in told.values() for e in several), key=_order)
        events = [self._opened(event, context.occurred_at) for event in found]
        note = NoteExport(survivor, request_id, len(events), services, tuple(missing))
        self._contacts.handle(survivor, note, context)
        return {
            "contact_id": survivor,
            "request_id": request_id,
            "contacts": list(group),
            "complete": not missing,
            "missing": missing,
            "services": {service: len(several) for service, several in told.items()},
            "events": events,
        }

    def _told(self, group: Mapping[str, Contact]) -> tuple[dict[str, list[Event]], list[str]]:
        """Return the events by service, and the services that did not answer."""
        refs = sorted({*group, *(ref for state in group.values() for ref in state.links)})
        gone, came = moved_of(self._store, group)
        told, missing = {"contacts": self._store.read_about(refs, sorted(came))}, []
        for name, peer in self._peers.items():
            try:
                told[name] = peer.about(refs, sorted(came))
            except Unavailable:
                missing.append(name)
        return {name: [e for e in found if e.id not in gone] for name, found in told.items()}, missing

    def _opened(self, event: Event, now: datetime) -> dict[str, Any]:
        told = to_json(event)
        gone = over(event.data, now)
        for name, value in [(n, v) for n, v in told["data"].items() if is_sealed(v)]:
            told["data"][name] = EXPIRED if gone else self._vault.open(value, event.stream, name)
        return told


def _order(event: Event) -> tuple[datetime, str, int]:
    return event.occurred_at, event.service, event.position
