"""What may be asked of an organization."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.contacts.domain.organization.events import Relationship
from shared.values import FILLED, Code, Id, Text


@dataclass(frozen=True, slots=True)
class RegisterOrganization:
    """Register an organization, or correct its name."""

    organization_id: Id
    name: Text


@dataclass(frozen=True, slots=True)
class LinkContact:
    """Say which role a person has in the organization, from a day on; today when it is left out."""

    organization_id: Id
    contact_id: Id
    role: Code
    at: datetime
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class UnlinkContact:
    """Say that a person no longer has a role; the last day is today when it is left out."""

    organization_id: Id
    contact_id: Id
    role: Code
    at: datetime
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SetParent:
    """Say to whom the organization belongs; to nobody when it is left out. Circles are refused."""

    organization_id: Id
    parent_id: Id | None = None
    ancestors: tuple[str, ...] = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class AddRelationshipType:
    """Say what the organization is to us."""

    organization_id: Id
    relationship: Relationship


@dataclass(frozen=True, slots=True)
class MergeOrganization:
    """Take this organization and another one for the same; given to both."""

    organization_id: Id
    survivor_id: Id
    absorbed_id: Id
    reason: Text | None = None
