"""Whom a message goes to: the person under all ids, address and names opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.campaigns.domain.recipient import RECIPIENT, Recipient
from services.campaigns.domain.rendering import Person
from shared.decide import Streams
from shared.privacy import Vault
from shared.store.port import Store

SENDS = "recent_sends"


@dataclass(frozen=True, slots=True)
class Known:
    """A person: the id that goes on, every recipient that is this person, and what was sent before."""

    id: str
    group: Mapping[str, Recipient]
    sent_before: tuple[datetime, ...]

    @property
    def people(self) -> Sequence[Recipient]:
        """The recipients, the one that goes on first."""
        return tuple(self.group.values())


class People:
    """Reads recipients afresh: permission is a matter of now (M-2)."""

    def __init__(self, recipients: Streams[Recipient], store: Store, vault: Vault) -> None:
        self._recipients, self._store, self._vault = recipients, store, vault

    def find(self, contact_ids: Sequence[str]) -> dict[str, Known]:
        """Return each person by the id asked for."""
        held = self._load(contact_ids, {})
        while beyond := {r.into for r in held.values() if r.into} - set(held):
            held = self._load(sorted(beyond), held)
        roots = {asked: _root(asked, held) for asked in contact_ids}
        while more := {a for key in held for a in held[key].absorbed} - set(held):
            held = self._load(sorted(more), held)
        sends = self._store.fetch(SENDS, sorted(set(roots.values())))
        before = {key: tuple(found["at"]) for key, found in sends.items()}
        return {asked: Known(root, _group(root, held), before.get(root, ())) for asked, root in roots.items()}

    def address(self, known: Known) -> str | None:
        """Return the address to write to, None when the person was erased."""
        for key, person in known.group.items():
            if person.address is not None:
                return self._vault.open(person.address, RECIPIENT.stream(key), "address")
        return None

    def person(self, known: Known) -> Person:
        """Return the names for the greeting."""
        names: dict[str, str] = {}
        for key, one in known.group.items():
            for kind, text in one.names.items():
                opened = self._vault.open(text, RECIPIENT.stream(key), "text")
                names.setdefault(kind, opened or "")
        return Person(**names)

    def _load(self, keys: Sequence[str], held: Mapping[str, Recipient]) -> dict[str, Recipient]:
        loaded = self._recipients.load(list(keys), fresh=True)
        return {**held, **{key: found.state for key, found in loaded.items()}}


def _root(key: str, held: Mapping[str, Recipient]) -> str:
    seen = {key}
    while (into := held[key].into) and into not in seen:
        seen.add(into)
        key = into
    return key


def _group(root: str, held: Mapping[str, Recipient]) -> dict[str, Recipient]:
    found: dict[str, Recipient] = {}
    waiting = [root]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = held[key]
            waiting += sorted(held[key].absorbed)
    return found
