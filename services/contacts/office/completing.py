"""Complete commands: keyed hashes, who holds an identifier, who brought whom, whom it is about."""

from dataclasses import replace
from typing import Any

from services.contacts.domain.contact import (
    AddContactPoint,
    ChangeProfile,
    Contact,
    RecordReferral,
    Suspect,
)
from services.contacts.domain.contact.commands import UnsharePoint
from services.contacts.domain.interaction import RecordInteraction
from services.contacts.domain.interaction.commands import ReassignInteraction
from services.contacts.domain.rules import SHARED
from services.contacts.identity.index import Index, claim, own, share
from services.contacts.identity.who import Who
from shared.decide import Streams
from shared.errors import NotFound
from shared.identity import Identifier, Refs, normalise
from shared.plan import Declared
from shared.service.preparing import Prepared
from shared.store.write import Write


class Concerning:
    """Callable with a command about an interaction; its answer names the contact it is with by now."""

    def __init__(self, contacts: Streams[Contact], index: Index) -> None:
        self._contacts, self._index = contacts, index

    def __call__(self, command: Any) -> Prepared:
        """Return the command completed. Raises NotFound."""
        match command:
            case RecordInteraction(customer=str(customer)):
                root = existing(self._contacts, self._index, customer)
                return Prepared(replace(command, customer=root), customer=root)
            case ReassignInteraction(to_contact=customer):
                root = existing(self._contacts, self._index, customer)
                return Prepared(replace(command, to_contact=root), customer=root)
        return Prepared(command)


class Completing:
    """Callable with a command; its answer is the command with what only this service can know."""

    def __init__(
        self, contacts: Streams[Contact], index: Index, refs: Refs, who: Who, declared: Declared
    ) -> None:
        self._contacts, self._index, self._refs = contacts, index, refs
        self._who, self._declared = who, declared

    def __call__(self, command: Any) -> Prepared:
        """Return the command completed. Raises Invalid, NotFound."""
        match command:
            case ChangeProfile(field=name, to=value):
                rule = self._declared.rules([name])[name]
                return Prepared(replace(command, digest=self._who.digest(name, value), rule=rule))
            case AddContactPoint():
                return self._point(command)
            case UnsharePoint():
                return self._unshared(command)
            case RecordReferral(referrer_id=referrer):
                root = self._existing(referrer)
                return Prepared(replace(command, referrer_id=root, upline=self._upline(root)))
            case Suspect(other_id=other):
                return Prepared(replace(command, other_id=self._existing(other)))
        return Prepared(command)

    def _point(self, command: AddContactPoint) -> Prepared:
        identifies = command.kind in ("email", "phone")
        point = (
            normalise(command.kind, command.value)
            if identifies
            else Identifier(command.kind, command.value.strip())
        )
        ref = self._refs.of(point)
        holder = self._index.owners([ref], fresh=True).get(ref) if identifies else None
        known = replace(command, value=point.value, point_id=ref, holder=holder)
        return Prepared(known, self._writes(known) if identifies else ())

    def _unshared(self, command: UnsharePoint) -> Prepared:
        point = normalise(command.kind, command.value)
        ref = self._refs.of(point)
        holder = self._index.owners([ref], fresh=True).get(ref)
        known = replace(command, value=point.value, point_id=ref, holder=holder)
        self._index.forget(ref)
        return Prepared(known, [own(ref, command.contact_id)] if holder == SHARED else ())

    def _writes(self, command: AddContactPoint) -> list[Write]:
        """An identifier nobody has is claimed; one that is shared tells nobody any more."""
        ref, contact = command.point_id, command.contact_id
        if command.shared and command.holder in (None, contact):
            self._index.forget(ref)
            return [share(ref)]
        return [claim(ref, contact)] if command.holder is None and not command.shared else []

    def _upline(self, contact: str) -> tuple[str, ...]:
        """Return who brought the contact, who brought them, and so on."""
        line: list[str] = [contact]
        while True:
            referral = self._contacts.load([line[-1]], fresh=True)[line[-1]].state.referral
            above = self._index.root(referral.referrer_id) if referral else SHARED
            if not above or above in line:
                return tuple(line)
            line.append(above)

    def _existing(self, contact_id: str) -> str:
        return existing(self._contacts, self._index, contact_id)


def existing(contacts: Streams[Contact], index: Index, contact_id: str) -> str:
    """Return the contact an id leads to by now. Raises NotFound."""
    root = index.root(contact_id)
    if not contacts.load([root], fresh=True)[root].version:
        raise NotFound(f"there is no contact {contact_id}")
    return root
