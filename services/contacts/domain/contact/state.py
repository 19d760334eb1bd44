"""What decisions about a contact need to know, folded from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from services.contacts.domain.contact import events as e
from services.contacts.domain.contact import merges as m
from services.contacts.domain.contact.consent import ConsentGranted, ConsentWithdrawn, Entry, entry_of

EXPIRY = "expiry of "  # what the name of a field's timer starts with


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point; a shared one never identifies a person (C-4)."""

    kind: str
    shared: bool
    verified: str | None = None
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Referral:
    """Who brought the contact, and when."""

    referrer_id: str
    referred_at: datetime


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why another contact may be the same person; `score` is a probability, when a machine compared them."""

    rule: str
    score: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact. `links` maps identifier refs to kinds, `profile` fields to digests.

    `absorbed` maps the ids of merged contacts to the links they brought.
    """

    status: Literal["none", "anonymous", "known", "absorbed", "erased"] = "none"
    links: Mapping[str, str] = field(default_factory=dict)
    profile: Mapping[str, str] = field(default_factory=dict)
    absorbed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    suspected: Mapping[str, Suspicion] = field(default_factory=dict)
    dismissed: frozenset[str] = frozenset()
    into: str | None = None
    was: Literal["anonymous", "known"] = "anonymous"
    points: Mapping[str, Point] = field(default_factory=dict)
    preferences: Mapping[str, str] = field(default_factory=dict)
    consents: tuple[Entry, ...] = ()
    owner: str | None = None
    referral: Referral | None = None
    archived: bool = False
    contact_id: str = ""
    kept_until: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def all_links(self) -> dict[str, str]:
        """The links of this contact and of everything merged into it."""
        return dict(self.links) | {
            ref: kind for brought in self.absorbed.values() for ref, kind in brought.items()
        }

    @property
    def duplicates(self) -> frozenset[str]:
        """The contacts somebody should have a look at."""
        return frozenset(self.suspected) - self.dismissed - self.absorbed.keys()


def evolve(contact: Contact, event: Any) -> Contact:
    """Return the contact after one event."""
    if type(event) in IDENTITY:
        return _identity(contact, event)
    if isinstance(event, ConsentGranted | ConsentWithdrawn):
        return replace(contact, consents=(*contact.consents, entry_of(event)))
    return _care(contact, event)


def _identity(contact: Contact, event: Any) -> Contact:
    match event:
        case e.ContactRegistered(kind=kind):
            return replace(contact, status=kind, was=kind, contact_id=event.contact_id)
        case e.ContactIdentified():
            return replace(contact, status="known", was="known")
        case e.ContactIdentifierLinked(kind=kind, ref=ref):
            return replace(contact, links={**contact.links, ref: kind})
        case e.ContactIdentifierUnlinked(ref=ref):
            return replace(contact, links={r: k for r, k in contact.links.items() if r != ref})
        case m.ContactsMerged(absorbed_id=absorbed, brings=brings):
            return replace(contact, absorbed={**contact.absorbed, absorbed: brings})
        case m.ContactsUnmerged(absorbed_id=absorbed):
            rest = {key: links for key, links in contact.absorbed.items() if key != absorbed}
            return replace(contact, absorbed=rest)
        case m.ContactAbsorbed(into=into):
            return replace(contact, status="absorbed", into=into)
        case m.ContactRestored():
            return replace(contact, status=contact.was, into=None)
        case _:
            return replace(
                contact, status="erased", profile={}, kept_until={}, points={}, owner=None, archived=False
            )


IDENTITY = frozenset(
    {
        e.ContactRegistered,
        e.ContactIdentified,
        e.ContactIdentifierLinked,
        e.ContactIdentifierUnlinked,
        m.ContactsMerged,
        m.ContactsUnmerged,
        m.ContactAbsorbed,
        m.ContactRestored,
        e.ContactErased,
    }
)


def _care(contact: Contact, event: Any) -> Contact:
    match event:
        case e.ProfileAttributeChanged() | e.ProfileAttributeExpired():
            return _profile(contact, event)
        case m.DuplicateSuspected(other_id=other):
            seen = {**contact.suspected, other: Suspicion(event.rule, event.score, event.reasons)}
            return replace(contact, suspected=seen, dismissed=contact.dismissed - {other})
        case m.DuplicateDismissed(other_id=other):
            return replace(contact, dismissed=contact.dismissed | {other})
        case e.PreferenceStated(topic=topic, channel=channel, value=value):
            return replace(contact, preferences={**contact.preferences, topic_of(topic, channel): value})
        case e.OwnerAssigned(owner=owner):
            return replace(contact, owner=owner)
        case e.ReferralRecorded(referrer_id=referrer, referred_at=moment):
            return replace(contact, referral=Referral(referrer, moment))
        case e.ContactArchived() | e.ContactUnarchived():
            return replace(contact, archived=isinstance(event, e.ContactArchived))
        case e.SubjectDataExported() | e.ContactIdentifierUnshared():
            return contact
        case _:
            return replace(contact, points=_points(contact.points, event))


def _profile(contact: Contact, event: e.ProfileAttributeChanged | e.ProfileAttributeExpired) -> Contact:
    profile = {name: digest for name, digest in contact.profile.items() if name != event.field}
    kept = {name: due for name, due in contact.kept_until.items() if name != event.field}
    if isinstance(event, e.ProfileAttributeExpired):
        return replace(contact, profile=profile, kept_until=kept)
    due = {event.field: event.keep_until} if event.keep_until else {}
    return replace(contact, profile={**profile, event.field: event.digest}, kept_until={**kept, **due})


def timers(contact: Contact) -> Mapping[str, datetime]:
    """Return when each value that is kept for a time is to be removed."""
    return {f"{EXPIRY}{name}": due for name, due in contact.kept_until.items()}


def _points(points: Mapping[str, Point], event: Any) -> Mapping[str, Point]:
    match event:
        case e.ContactPointAdded(point_id=key, kind=kind, shared=shared):
            return {**points, key: Point(kind, shared)}
        case e.ContactPointVerified(point_id=key, method=method) if key in points:
            return {**points, key: replace(points[key], verified=method)}
        case e.ContactPointMadePrimary(point_id=key, kind=kind):
            return {k: replace(p, primary=k == key) if p.kind == kind else p for k, p in points.items()}
        case _:
            return {k: p for k, p in points.items() if k != event.point_id}


def topic_of(topic: str, channel: str | None) -> str:
    """Return the key of a preference."""
    return f"{topic} | {channel or 'any channel'}"
