"""How a contact is looked after: profile, contact points, preferences, owner, referral, archive."""

from typing import Any

from services.contacts.domain.contact.commands import (
    AddContactPoint,
    ArchiveContact,
    AssignOwner,
    ChangeProfile,
    MakePrimary,
    NoteExport,
    RecordReferral,
    RemoveContactPoint,
    StatePreference,
    UnarchiveContact,
    UnsharePoint,
    VerifyContactPoint,
)
from services.contacts.domain.contact.events import (
    ContactArchived,
    ContactIdentifierUnlinked,
    ContactIdentifierUnshared,
    ContactPointAdded,
    ContactPointMadePrimary,
    ContactPointRemoved,
    ContactPointVerified,
    ContactUnarchived,
    OwnerAssigned,
    PreferenceStated,
    ProfileAttributeChanged,
    ProfileAttributeExpired,
    ReferralRecorded,
    SubjectDataExported,
)
from services.contacts.domain.contact.identity import Link, linked
from services.contacts.domain.contact.merges import DuplicateSuspected
from services.contacts.domain.contact.state import EXPIRY, Contact, Point, topic_of
from services.contacts.domain.rules import NOTHING, SHARED, fits
from shared.days import ahead
from shared.decide.decider import At, Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.plan.fields import admit


def change_profile(contact: Contact, command: ChangeProfile) -> list[Any]:
    """Only declared fields are kept, and only values of their kind."""
    admit(command.rule, command.to)
    if contact.profile.get(command.field, NOTHING) == command.digest:
        return []
    keep = command.rule.keep_until(command.at) if command.rule and command.at and command.to else None
    said = (command.field, command.to, command.digest, command.source, keep)
    return [ProfileAttributeChanged(command.contact_id, *said)]


def elapsed(contact: Contact, command: Elapsed) -> list[Any]:
    """A value that was kept as long as its declaration allows is removed; one told since stays."""
    name = command.timer.removeprefix(EXPIRY)
    due = contact.kept_until.get(name)
    return [ProfileAttributeExpired(contact.contact_id, name)] if due == command.at else []


def add_point(contact: Contact, command: AddContactPoint) -> list[Any]:
    """A point another contact has is a suspicion (C-1); one that is not shared identifies (C-4)."""
    key, held = command.point_id, contact.points.get(command.point_id)
    if held and held.shared == command.shared:
        return []
    added = ContactPointAdded(command.contact_id, key, command.kind, command.value, command.shared)
    return [added, *_identity(contact, command)]


def _identity(contact: Contact, command: AddContactPoint) -> list[Any]:
    contact_id, kind, key = command.contact_id, command.kind, command.point_id
    if command.holder and command.holder != contact_id:
        return [] if command.holder in contact.suspected else [
            DuplicateSuspected(contact_id, command.holder, f"same {kind}", key)
        ]  # fmt: skip
    if command.shared:
        return [ContactIdentifierUnlinked(contact_id, kind, key)] if key in contact.links else []  # type: ignore[arg-type]
    if kind not in ("email", "phone") or key in contact.links or command.holder == SHARED:
        return []
    if not fits([*contact.all_links.values(), kind]):
        raise Conflict(f"the contact has as many identifiers of the kind {kind} as one person may have")
    return [linked(contact_id, Link(kind, key, command.value))]


def unshare_point(contact: Contact, command: UnsharePoint) -> list[Any]:
    """A point that was held as shared identifies this contact from now on (C-4)."""
    contact_id, kind, key = command.contact_id, command.kind, command.point_id
    if key in contact.links:
        return []
    if command.holder != SHARED:
        raise Conflict("the contact point is not shared")
    if not fits([*contact.all_links.values(), kind]):
        raise Conflict(f"the contact has as many identifiers of the kind {kind} as one person may have")
    return [
        ContactIdentifierUnshared(contact_id, kind, key, command.reason),
        ContactPointAdded(contact_id, key, kind, command.value, False),
        linked(contact_id, Link(kind, key, command.value)),
    ]


def verify_point(contact: Contact, command: VerifyContactPoint) -> list[Any]:
    """A contact point is verified by a method."""
    point = _point(contact, command.point_id)
    same = point.verified == command.method
    return [] if same else [ContactPointVerified(command.contact_id, command.point_id, command.method)]


def make_primary(contact: Contact, command: MakePrimary) -> list[Any]:
    """One of each kind is the primary one."""
    point = _point(contact, command.point_id)
    made = ContactPointMadePrimary(command.contact_id, command.point_id, point.kind)  # type: ignore[arg-type]
    return [] if point.primary else [made]


def remove_point(contact: Contact, command: RemoveContactPoint) -> list[Any]:
    """What is not there is removed already."""
    there = command.point_id in contact.points
    return [ContactPointRemoved(command.contact_id, command.point_id, command.reason)] if there else []


def _point(contact: Contact, point_id: str) -> Point:
    if point_id not in contact.points:
        raise NotFound(f"the contact has no contact point {point_id}")
    return contact.points[point_id]


def state_preference(contact: Contact, command: StatePreference) -> list[Any]:
    """The same wish again is no news."""
    if contact.preferences.get(topic_of(command.topic, command.channel)) == command.value:
        return []
    return [PreferenceStated(command.contact_id, command.topic, command.value, command.channel)]


def assign_owner(contact: Contact, command: AssignOwner) -> list[Any]:
    """One owner at a time."""
    same = contact.owner == command.owner
    return [] if same else [OwnerAssigned(command.contact_id, command.owner, contact.owner)]


def record_referral(contact: Contact, command: RecordReferral) -> list[Any]:
    """No self-referral, no circle, one referrer: the first (C-10)."""
    moment, known = command.referred_at or command.at, contact.referral
    if command.contact_id in (command.referrer_id, *command.upline):
        raise Conflict("nobody is brought by themselves, directly or around")
    if errors := ahead("/referred_at", moment, command.at):
        raise Invalid(*errors)
    if known and known.referrer_id == command.referrer_id and known.referred_at <= moment:
        return []
    if known and known.referred_at <= moment:
        raise Conflict(f"{known.referrer_id} brought the contact before")
    referral = ReferralRecorded(command.contact_id, command.referrer_id, moment, command.program)
    return [At(referral, moment)]


def archive(contact: Contact, command: ArchiveContact) -> list[Any]:
    """Archived once."""
    return [] if contact.archived else [ContactArchived(command.contact_id, command.reason)]


def unarchive(contact: Contact, command: UnarchiveContact) -> list[Any]:
    """Only what is archived comes back."""
    return [ContactUnarchived(command.contact_id, command.reason)] if contact.archived else []


def note_export(_: Contact, command: NoteExport) -> list[Any]:
    """Every export is written down."""
    said = (command.events, command.services, command.missing)
    return [SubjectDataExported(command.contact_id, command.request_id, *said)]
