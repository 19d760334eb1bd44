"""Erase a person: destroy the keys of everything they were known by, and say so."""

from typing import Any

from services.contacts.domain.contact import Contact, Erase
from services.contacts.identity.group import group_of
from services.contacts.identity.index import Index, release
from shared.decide import Context, Streams
from shared.errors import NotFound
from shared.events.clock import rfc3339
from shared.privacy import Vault


class Erasure:
    """Destroys keys first: whatever happens afterwards, nothing of the person opens again. Safe to repeat."""

    def __init__(self, contacts: Streams[Contact], index: Index, vault: Vault) -> None:
        self._contacts, self._index, self._vault = contacts, index, vault

    def erase(self, contact_id: str, request_id: str, context: Context) -> dict[str, Any]:
        """Return the receipt. Raises NotFound."""
        survivor = self._index.survivors([contact_id], fresh=True)[contact_id]
        group = group_of(self._contacts, survivor)
        if not group:
            raise NotFound(f"there is no contact {contact_id}")
        refs = sorted({ref for state in group.values() for ref in state.links} | set(group))
        self._vault.destroy(refs, context.occurred_at)
        command = Erase(survivor, tuple(refs), request_id, context.occurred_at)
        done, after = self._contacts.handle(survivor, command, context, writes=[release(r) for r in refs])
        return {
            "contact_id": survivor,
            "request_id": request_id,
            "keys_destroyed": len(refs),
            "erased_at": rfc3339(context.occurred_at),
            "version": after.version,
            "event_id": done.events[-1].id if done.events else None,
        }
