"""Who a contact is: discovered, linked, merged, taken apart, erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.contacts.domain.contact.events import (
    ContactErased,
    ContactIdentified,
    ContactIdentifierLinked,
    ContactRegistered,
    Kind,
    ProfileAttributeChanged,
)
from services.contacts.domain.contact.merges import (
    Absorb,
    ContactAbsorbed,
    ContactRestored,
    ContactsMerged,
    ContactsUnmerged,
    DismissDuplicate,
    DuplicateDismissed,
    DuplicateSuspected,
    Merge,
    Restore,
    Suspect,
    Unmerge,
)
from services.contacts.domain.contact.state import Contact
from services.contacts.domain.rules import RULES
from shared.errors import Conflict, NotFound
from shared.values import Id


@dataclass(frozen=True, slots=True)
class Link:
    """An identifier to link: `value` is sealed before it is stored, `ref` is its keyed hash."""

    kind: Kind
    ref: str
    value: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What a channel said about the person."""

    field: str
    value: str
    digest: str
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Discover:
    """A channel event named this contact; `known` when a person says that it is somebody."""

    contact_id: Id
    source: Id
    links: tuple[Link, ...] = ()
    learned: tuple[Learned, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Erase:
    """The keys of this contact and its aliases are destroyed: say so."""

    contact_id: Id
    aliases: tuple[Id, ...]
    request_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class Undo:
    """Let profile fields read as they did before: each with its value, sealed as it was, and its digest."""

    contact_id: Id
    fields: tuple[tuple[str, str, str], ...]
    source: Id = "import taken back"


def undo(contact: Contact, command: Undo) -> list[Any]:
    """What reads like that already is no news."""
    return [
        ProfileAttributeChanged(command.contact_id, name, value, digest, command.source)
        for name, value, digest in command.fields
        if contact.profile.get(name) != digest
    ]


def discover(contact: Contact, command: Discover) -> list[Any]:
    """Register, identify, link and learn whatever is new."""
    new = [link for link in command.links if link.ref not in contact.links]
    known = command.known or any(link.kind != "visitor_id" for link in command.links)
    events: list[Any] = []
    if contact.status == "none":
        events.append(
            ContactRegistered(command.contact_id, "known" if known else "anonymous", command.source)
        )
    elif known and contact.status == "anonymous":
        events.append(ContactIdentified(command.contact_id))
    events += [linked(command.contact_id, link) for link in new]
    events += [
        ProfileAttributeChanged(
            command.contact_id, said.field, said.value, said.digest, command.source, said.keep_until
        )
        for said in command.learned
        if contact.profile.get(said.field) != said.digest
    ]
    return events


def linked(contact_id: str, link: Link) -> ContactIdentifierLinked:
    """Return the event that links an identifier, rated by the rules of its kind."""
    strength: Literal["strong", "weak"] = "strong" if RULES[link.kind].strong else "weak"
    return ContactIdentifierLinked(contact_id, link.kind, link.ref, link.value, strength)


def merge(contact: Contact, command: Merge) -> list[Any]:
    """The absorbed contact becomes an alias; no event is moved (C-2)."""
    if contact.status == "none":
        raise NotFound(f"there is no contact {command.contact_id}")
    if command.contact_id == command.absorbed_id:
        raise Conflict("a contact can not be merged with itself")
    if contact.status == "absorbed":
        raise Conflict(f"the contact is an alias of {contact.into} by now")
    if command.absorbed_id in contact.absorbed:
        return []
    brings: dict[str, Kind] = dict(command.brings)  # type: ignore[arg-type]
    survivor, absorbed = command.contact_id, command.absorbed_id
    return [ContactsMerged(survivor, absorbed, command.rule, command.evidence, brings, command.reason)]


def unmerge(contact: Contact, command: Unmerge) -> list[Any]:
    """The absorbed contact stands for itself again (C-3)."""
    if command.absorbed_id not in contact.absorbed:
        raise Conflict(f"{command.absorbed_id} is not merged into {command.contact_id}")
    moved = tuple(dict.fromkeys(command.moved_event_ids))
    return [ContactsUnmerged(command.contact_id, command.absorbed_id, command.reason, moved)]


def absorb(contact: Contact, command: Absorb) -> list[Any]:
    """Go on as an alias."""
    return [] if contact.into == command.into else [ContactAbsorbed(command.contact_id, command.into)]


def restore(contact: Contact, command: Restore) -> list[Any]:
    """Be no alias any more."""
    same = contact.into == command.from_id
    return [ContactRestored(command.contact_id, command.from_id)] if same else []


def suspect(contact: Contact, command: Suspect) -> list[Any]:
    """A suspicion is written down once; somebody who dismissed it is not asked again by a machine (C-1)."""
    if command.contact_id == command.other_id:
        raise Conflict("a contact is no duplicate of itself")
    by_hand = command.rule == "by hand" and command.other_id in contact.dismissed
    if command.other_id in contact.suspected and not by_hand:
        return []
    why = (command.rule, command.evidence, command.score, command.reasons)
    return [DuplicateSuspected(command.contact_id, command.other_id, *why)]


def dismiss(contact: Contact, command: DismissDuplicate) -> list[Any]:
    """Only a suspicion can be dismissed."""
    if command.other_id in contact.dismissed:
        return []
    if command.other_id not in contact.suspected:
        raise Conflict(f"{command.other_id} is not suspected to be a duplicate")
    return [DuplicateDismissed(command.contact_id, command.other_id, command.reason)]


def erase(contact: Contact, command: Erase) -> list[Any]:
    """Say that the keys are destroyed, once (C-8)."""
    if contact.status == "erased":
        return []
    return [ContactErased(command.contact_id, command.aliases, command.request_id, command.at)]
