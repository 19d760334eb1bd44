"""Contact: one person, by whatever identifiers the channels know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal

from services.contacts.domain.rules import RULES
from shared.decide.decider import Decider
from shared.errors import Conflict, NotFound
from shared.values import Code, Id, Length, Secret, Text

Kind = Literal["customer_no", "loyalty_id", "email", "phone", "visitor_id"]
Attribute = Literal["given_name", "family_name", "name", "country", "birth_date"]
Refs = Annotated[list[Id], Length(0, 2_000)]


# Events


@dataclass(frozen=True, slots=True)
class ContactRegistered:
    """Somebody was seen for the first time; an anonymous contact is known by a visitor id alone."""

    contact_id: Id
    kind: Literal["anonymous", "known"]
    source: Id


@dataclass(frozen=True, slots=True)
class ContactIdentifierLinked:
    """An identifier belongs to this contact: its ref is an alias of the contact."""

    contact_id: Id
    kind: Kind
    ref: Id
    value: Secret
    strength: Literal["strong", "weak"]


@dataclass(frozen=True, slots=True)
class ContactIdentified:
    """An anonymous contact became a known one."""

    contact_id: Id


@dataclass(frozen=True, slots=True)
class ProfileAttributeChanged:
    """An attribute of the person was learned or corrected; `digest` is its keyed hash."""

    contact_id: Id
    field: Attribute
    to: Secret
    digest: Code
    source: Id


@dataclass(frozen=True, slots=True)
class ContactsMerged:
    """Two contacts are one person; the absorbed id stays an alias. `brings` are its identifiers' refs."""

    survivor_id: Id
    absorbed_id: Id
    rule: Code
    evidence: Id
    brings: dict[str, Kind]
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class ContactAbsorbed:
    """This contact goes on as an alias of another."""

    contact_id: Id
    into: Id


@dataclass(frozen=True, slots=True)
class ContactsUnmerged:
    """The merge was wrong: the absorbed contact stands for itself again."""

    survivor_id: Id
    absorbed_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class ContactRestored:
    """This contact is no longer an alias."""

    contact_id: Id
    from_id: Id


@dataclass(frozen=True, slots=True)
class DuplicateSuspected:
    """Another contact may be the same person, but their identifiers contradict each other."""

    contact_id: Id
    other_id: Id
    rule: Code
    evidence: Id


@dataclass(frozen=True, slots=True)
class ContactErased:
    """The person's keys are destroyed; all these refs are dark."""

    contact_id: Id
    aliases: Refs
    request_id: Id
    key_destroyed_at: datetime


# Commands


@dataclass(frozen=True, slots=True)
class Link:
    """An identifier to link: `value` is sealed before it is stored, `ref` is its keyed hash."""

    kind: Kind
    ref: str
    value: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What a channel said about the person."""

    field: Attribute
    value: str
    digest: str


@dataclass(frozen=True, slots=True)
class Discover:
    """A channel event named this contact."""

    contact_id: Id
    source: Id
    links: tuple[Link, ...] = ()
    learned: tuple[Learned, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Declare another contact to be the same person."""

    contact_id: Id
    absorbed_id: Id
    brings: Mapping[str, str]
    rule: Code = "by hand"
    evidence: Id = "by hand"
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Absorb:
    """The other half of Merge, for the absorbed contact."""

    contact_id: Id
    into: Id


@dataclass(frozen=True, slots=True)
class Unmerge:
    """Withdraw a merge."""

    contact_id: Id
    absorbed_id: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class Restore:
    """The other half of Unmerge, for the contact that was absorbed."""

    contact_id: Id
    from_id: Id


@dataclass(frozen=True, slots=True)
class Suspect:
    """Note that another contact may be the same person."""

    contact_id: Id
    other_id: Id
    rule: Code
    evidence: Id


@dataclass(frozen=True, slots=True)
class Erase:
    """The keys of this contact and its aliases are destroyed: say so."""

    contact_id: Id
    aliases: tuple[Id, ...]
    request_id: Id
    at: datetime


Command = Discover | Merge | Absorb | Unmerge | Restore | Suspect | Erase


# State


@dataclass(frozen=True, slots=True)
class Contact:
    """What decisions need to know. `links` maps identifier refs to kinds, `profile` fields to digests.

    `absorbed` maps the ids of merged contacts to the links they brought.
    """

    status: Literal["none", "anonymous", "known", "absorbed", "erased"] = "none"
    links: Mapping[str, str] = field(default_factory=dict)
    profile: Mapping[str, str] = field(default_factory=dict)
    absorbed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    suspected: frozenset[str] = frozenset()
    into: str | None = None
    was: Literal["anonymous", "known"] = "anonymous"

    @property
    def all_links(self) -> dict[str, str]:
        """The links of this contact and of everything merged into it."""
        return dict(self.links) | {
            ref: kind for brought in self.absorbed.values() for ref, kind in brought.items()
        }


def decide(contact: Contact, command: Command) -> Sequence[object]:
    """Decide one command; a satisfied one gives no events."""
    if contact.status == "erased" and not isinstance(command, Erase):
        raise Conflict("the contact was erased")
    match command:
        case Discover():
            return _discover(contact, command)
        case Merge():
            return _merge(contact, command)
        case Absorb(contact_id, into):
            return [] if contact.into == into else [ContactAbsorbed(contact_id, into)]
        case Unmerge():
            return _unmerge(contact, command)
        case Restore(contact_id, from_id):
            return [ContactRestored(contact_id, from_id)] if contact.into == from_id else []
        case Suspect(contact_id, other_id, rule, evidence):
            known = other_id in contact.suspected
            return [] if known else [DuplicateSuspected(contact_id, other_id, rule, evidence)]
        case Erase(contact_id, aliases, request_id, at):
            done = contact.status == "erased"
            return [] if done else [ContactErased(contact_id, list(aliases), request_id, at)]


def _discover(contact: Contact, command: Discover) -> Sequence[object]:
    new = [link for link in command.links if link.ref not in contact.links]
    known = any(link.kind != "visitor_id" for link in command.links)
    events: list[object] = []
    if contact.status == "none":
        events.append(
            ContactRegistered(command.contact_id, "known" if known else "anonymous", command.source)
        )
    elif known and contact.status == "anonymous":
        events.append(ContactIdentified(command.contact_id))
    events += [_linked(command.contact_id, link) for link in new]
    events += [
        ProfileAttributeChanged(command.contact_id, said.field, said.value, said.digest, command.source)
        for said in command.learned
        if contact.profile.get(said.field) != said.digest
    ]
    return events


def _linked(contact_id: str, link: Link) -> ContactIdentifierLinked:
    strength: Literal["strong", "weak"] = "strong" if RULES[link.kind].strong else "weak"
    return ContactIdentifierLinked(contact_id, link.kind, link.ref, link.value, strength)


def _merge(contact: Contact, command: Merge) -> Sequence[object]:
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


def _unmerge(contact: Contact, command: Unmerge) -> Sequence[object]:
    if command.absorbed_id not in contact.absorbed:
        raise Conflict(f"{command.absorbed_id} is not merged into {command.contact_id}")
    return [ContactsUnmerged(command.contact_id, command.absorbed_id, command.reason)]


def evolve(contact: Contact, event: object) -> Contact:
    """Return the contact after one event."""
    match event:
        case ContactRegistered(kind=kind):
            return replace(contact, status=kind, was=kind)
        case ContactIdentified():
            return replace(contact, status="known", was="known")
        case ContactIdentifierLinked(kind=kind, ref=ref):
            return replace(contact, links={**contact.links, ref: kind})
        case ProfileAttributeChanged(field=name, digest=digest):
            return replace(contact, profile={**contact.profile, name: digest})
        case ContactsMerged(absorbed_id=absorbed, brings=brings):
            return replace(contact, absorbed={**contact.absorbed, absorbed: brings})
        case ContactsUnmerged(absorbed_id=absorbed):
            rest = {key: links for key, links in contact.absorbed.items() if key != absorbed}
            return replace(contact, absorbed=rest)
        case ContactAbsorbed(into=into):
            return replace(contact, status="absorbed", into=into)
        case ContactRestored():
            return replace(contact, status=contact.was, into=None)
        case DuplicateSuspected(other_id=other):
            return replace(contact, suspected=contact.suspected | {other})
        case ContactErased():
            return replace(contact, status="erased", profile={})
    return contact


CONTACT: Decider[Contact] = Decider(
    category="contact",
    service="contacts",
    initial=Contact(),
    decide=decide,
    evolve=evolve,
    events=(
        ContactRegistered,
        ContactIdentifierLinked,
        ContactIdentified,
        ProfileAttributeChanged,
        ContactsMerged,
        ContactAbsorbed,
        ContactsUnmerged,
        ContactRestored,
        DuplicateSuspected,
        ContactErased,
    ),
)
