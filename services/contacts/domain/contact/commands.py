"""What people may ask for to look after a contact."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.contacts.domain.contact.events import PointKind
from shared.plan.fields import Rule
from shared.values import FILLED, Code, Id, Secret, Text, Whole


@dataclass(frozen=True, slots=True)
class ChangeProfile:
    """Change one declared field of the person; an empty text clears it."""

    contact_id: Id
    field: Code
    to: Secret
    source: Id = "staff"
    at: datetime | None = None
    digest: str = dataclasses.field(default="", metadata=FILLED)
    rule: Rule | None = dataclasses.field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class AddContactPoint:
    """Add a way to reach the person. A shared one, such as a household's mailbox, identifies nobody."""

    contact_id: Id
    kind: PointKind
    value: Secret
    shared: bool = False
    point_id: str = dataclasses.field(default="", metadata=FILLED)
    holder: str | None = dataclasses.field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class UnsharePoint:
    """Say that a contact point that was taken for a shared one is this person's alone after all."""

    contact_id: Id
    kind: Literal["email", "phone"]
    value: Secret
    reason: Text
    point_id: str = dataclasses.field(default="", metadata=FILLED)
    holder: str | None = dataclasses.field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class VerifyContactPoint:
    """Record that the person showed it to be theirs."""

    contact_id: Id
    point_id: Id
    method: Code


@dataclass(frozen=True, slots=True)
class MakePrimary:
    """Use this contact point first, of those of its kind."""

    contact_id: Id
    point_id: Id


@dataclass(frozen=True, slots=True)
class RemoveContactPoint:
    """Stop using a contact point. What it told about who somebody was stays."""

    contact_id: Id
    point_id: Id
    reason: Code | None = None


@dataclass(frozen=True, slots=True)
class StatePreference:
    """Record how the person wants it."""

    contact_id: Id
    topic: Code
    value: Code
    channel: Code | None = None


@dataclass(frozen=True, slots=True)
class AssignOwner:
    """Say who looks after the contact; nobody when it is left out."""

    contact_id: Id
    owner: Id | None = None


@dataclass(frozen=True, slots=True)
class RecordReferral:
    """Record who brought this contact; the earliest referral counts."""

    contact_id: Id
    referrer_id: Id
    at: datetime
    referred_at: datetime | None = None
    program: Code | None = None
    upline: tuple[str, ...] = dataclasses.field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class ArchiveContact:
    """Put the contact away."""

    contact_id: Id
    reason: Code


@dataclass(frozen=True, slots=True)
class UnarchiveContact:
    """Take the contact into use again."""

    contact_id: Id
    reason: Code


@dataclass(frozen=True, slots=True)
class NoteExport:
    """Say that the person was given what is held about them."""

    contact_id: Id
    request_id: Id
    events: Whole
    services: tuple[Id, ...] = ()
    missing: tuple[Id, ...] = ()
