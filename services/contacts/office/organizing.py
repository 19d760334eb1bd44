"""What takes several organizations: who belongs to whom, and two that are one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.contacts.domain.organization import Organization
from services.contacts.domain.organization.commands import LinkContact, MergeOrganization, SetParent
from services.contacts.identity.index import Index
from services.contacts.office.completing import existing
from shared.decide import Context, Streams
from shared.errors import Conflict, NotFound
from shared.receive import Instruct
from shared.receive.together import together
from shared.service.preparing import Prepared
from shared.store.port import Done, Store

ORGANIZATION = "organization"


class Organizing:
    """Resolves merged organizations, completes their commands, merges them. Raises NotFound, Conflict."""

    def __init__(self, store: Store, streams: Mapping[str, Streams[Any]], index: Index) -> None:
        self._store, self._streams, self._index = store, streams, index

    def resolve(self, key: str) -> str:
        """Return the organization that goes on for this one."""
        while into := self._state(key).into:
            key = into
        return key

    def complete(self, command: Any) -> Prepared:
        """Return the command with what other aggregates know."""
        if isinstance(command, SetParent) and command.parent_id:
            parent = self._known(command.parent_id)
            return Prepared(replace(command, parent_id=parent, ancestors=self._ancestors(parent)))
        if isinstance(command, LinkContact):
            contact = existing(self._streams["contact"], self._index, command.contact_id)
            return Prepared(replace(command, contact_id=contact))
        return Prepared(command)

    def merge(self, survivor: str, absorbed: str, reason: str | None, context: Context) -> Done:
        """Make `absorbed` an alias of `survivor`, in both streams at once."""
        first, second = self._known(survivor), self._known(absorbed)
        if first == second:
            raise Conflict("they are one organization already")
        commands = [MergeOrganization(key, first, second, reason) for key in (first, second)]
        instructions = [Instruct(ORGANIZATION, c.organization_id, c) for c in commands]
        return together(self._store, self._streams, context, instructions)

    def _ancestors(self, key: str) -> tuple[str, ...]:
        line = [key]
        while parent := self._state(line[-1]).parent:
            above = self.resolve(parent)
            if above in line:
                break
            line.append(above)
        return tuple(line)

    def _known(self, key: str) -> str:
        root = self.resolve(key)
        if self._state(root).name is None:
            raise NotFound(f"there is no organization {key}")
        return root

    def _state(self, key: str) -> Organization:
        state: Organization = self._streams[ORGANIZATION].load([key], fresh=True)[key].state
        return state
