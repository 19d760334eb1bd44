"""Whom a message goes to: the person under all ids, address and names opened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.campaigns.domain.recipient import (
    ClearRecipient,
    Recipient,
    Sealed,
    Whole,
    from_document,
    persons,
    tickets,
)
from services.campaigns.domain.recipient.tickets import OpenTicket
from services.campaigns.domain.rendering import Person
from shared.errors import NotFound
from shared.privacy import Vault
from shared.privacy.sealing import is_sealed
from shared.service.preparing import Prepared
from shared.store.port import Store

SENDS, RECIPIENTS, TICKETS = "recent_sends", "recipients", "open_tickets"
MASKED = "***"


@dataclass(frozen=True, slots=True)
class Known(Whole):
    """A person, what was sent to them before, and the tickets that are open for them."""

    sent_before: tuple[datetime, ...]
    tickets: tuple[OpenTicket, ...] = ()


class People:
    """Reads recipients afresh: permission is a matter of now (M-2)."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store, self._vault = store, vault

    def find(self, contact_ids: Sequence[str]) -> dict[str, Known]:
        """Return each person by the id asked for."""
        found = persons(contact_ids, self._load)
        sends = self._store.fetch(SENDS, sorted({whole.id for whole in found.values()}))
        before = {key: tuple(sent["at"]) for key, sent in sends.items()}
        waiting = self._tickets({ref for whole in found.values() for ref in whole.refs})
        return {
            asked: Known(
                whole.id,
                whole.group,
                before.get(whole.id, ()),
                tuple(ticket for ref in whole.refs for ticket in waiting.get(ref, ())),
            )
            for asked, whole in found.items()
        }

    def address(self, known: Whole) -> str | None:
        """Return the address to write to, None when the person was erased."""
        sealed = next((person.address for person in known.people if person.address), None)
        return self._opened(sealed) if sealed else None

    def person(self, known: Whole) -> Person:
        """Return the names for the greeting, and what the person wants."""
        names: dict[str, str] = {}
        for named in (named for person in known.people for named in person.names):
            names.setdefault(named.kind, self._opened(named.text) or "")
        wants = {p.topic: p.value for person in reversed(known.people) for p in person.preferences}
        return Person(**names, preferences=wants)

    def shown(self, key: str) -> dict[str, Any] | None:
        """Return what is known of a recipient, its texts masked, or None."""
        found = self._store.fetch(RECIPIENTS, [key]).get(key)
        if found is None:
            return None
        told = {name: value for name, value in found.items() if name not in ("_id", "revision")}
        names = {name["kind"]: MASKED for name in told.get("names", ())}
        return {**told, "names": names, "address": MASKED if told.get("address") else None}

    def clearing(self, command: ClearRecipient) -> Prepared:
        """Complete the command by whether anything is blocked. Raises NotFound."""
        key = command.contact_id
        found = self._store.fetch(RECIPIENTS, [key]).get(key)
        if found is None:
            raise NotFound(f"there is nothing under {key}")
        return Prepared(replace(command, blocked=bool(found.get("blocked"))), customer=key)

    def _opened(self, sealed: Sealed) -> str | None:
        if not is_sealed(sealed.text):
            return sealed.text
        return self._vault.open(sealed.text, sealed.stream, sealed.field)

    def _tickets(self, refs: Iterable[str]) -> dict[str, tuple[OpenTicket, ...]]:
        found = self._store.fetch(TICKETS, sorted(refs))
        return {ref: tickets.from_document(document).open for ref, document in found.items()}

    def _load(self, keys: Sequence[str]) -> Mapping[str, Recipient]:
        found = self._store.fetch(RECIPIENTS, list(keys))
        return {key: from_document(found[key]) if key in found else Recipient() for key in keys}
