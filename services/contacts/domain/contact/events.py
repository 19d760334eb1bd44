"""What happened to a contact: who it is, how it is reached, who looks after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from shared.values import Code, Id, Length, Secret, Text, Whole

Kind = Literal["customer_no", "loyalty_id", "email", "phone", "visitor_id"]
PointKind = Literal["email", "phone", "postal", "messenger", "social"]
Services = Annotated[tuple[Id, ...], Length(0, 50)]
Refs = Annotated[tuple[Id, ...], Length(0, 2_000)]


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
class ContactIdentifierUnlinked:
    """An identifier no longer tells this contact: it turned out to be shared."""

    contact_id: Id
    kind: Kind
    ref: Id


@dataclass(frozen=True, slots=True)
class ContactIdentifierUnshared:
    """An identifier that was taken for a shared one tells this contact after all."""

    contact_id: Id
    kind: Kind
    ref: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class ContactIdentified:
    """An anonymous contact became a known one."""

    contact_id: Id


@dataclass(frozen=True, slots=True)
class ProfileAttributeChanged:
    """An attribute of the person was learned or corrected; `digest` is its keyed hash."""

    contact_id: Id
    field: str
    to: Secret
    digest: Code
    source: Id
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProfileAttributeExpired:
    """The value was kept as long as its declaration allows: nothing shows it any more."""

    contact_id: Id
    field: str


@dataclass(frozen=True, slots=True)
class ContactPointAdded:
    """A way to reach the person; its id is the keyed hash of kind and value."""

    contact_id: Id
    point_id: Id
    kind: PointKind
    value: Secret
    shared: bool


@dataclass(frozen=True, slots=True)
class ContactPointVerified:
    """The person showed that the contact point is theirs."""

    contact_id: Id
    point_id: Id
    method: Code


@dataclass(frozen=True, slots=True)
class ContactPointMadePrimary:
    """Of its kind, this is the contact point to use first."""

    contact_id: Id
    point_id: Id
    kind: PointKind


@dataclass(frozen=True, slots=True)
class ContactPointRemoved:
    """The contact point is not to be used any more."""

    contact_id: Id
    point_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class PreferenceStated:
    """The person said how they want it; the latest statement on a topic and channel counts."""

    contact_id: Id
    topic: Code
    value: Code
    channel: Code | None = None


@dataclass(frozen=True, slots=True)
class OwnerAssigned:
    """Somebody of the staff looks after the contact; without an owner nobody does."""

    contact_id: Id
    owner: Id | None = None
    from_owner: Id | None = None


@dataclass(frozen=True, slots=True)
class ReferralRecorded:
    """Another customer brought this one; the earliest referral counts."""

    contact_id: Id
    referrer_id: Id
    referred_at: datetime
    program: Code | None = None


@dataclass(frozen=True, slots=True)
class ContactArchived:
    """The contact is put away; it can be brought back."""

    contact_id: Id
    reason: Code


@dataclass(frozen=True, slots=True)
class ContactUnarchived:
    """The contact is in use again."""

    contact_id: Id
    reason: Code


@dataclass(frozen=True, slots=True)
class SubjectDataExported:
    """The person was given what these services hold about them; `missing` ones did not answer."""

    contact_id: Id
    request_id: Id
    events: Whole
    services: Services = ()
    missing: Services = ()


@dataclass(frozen=True, slots=True)
class ContactErased:
    """The person's keys are destroyed; all these refs are dark."""

    contact_id: Id
    aliases: Refs
    request_id: Id
    key_destroyed_at: datetime
