"""What happened to an organization."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.values import Code, Id, Text

Relationship = Literal["prospect", "customer", "former", "partner", "supplier", "association"]


@dataclass(frozen=True, slots=True)
class OrganizationRegistered:
    """There is an organization of this name."""

    organization_id: Id
    name: Text


@dataclass(frozen=True, slots=True)
class ContactLinked:
    """A person has a role in the organization from that day on."""

    organization_id: Id
    contact_id: Id
    role: Code
    valid_from: date


@dataclass(frozen=True, slots=True)
class ContactUnlinked:
    """The person had the role up to and including that day."""

    organization_id: Id
    contact_id: Id
    role: Code
    valid_to: date


@dataclass(frozen=True, slots=True)
class ParentOrganizationSet:
    """The organization belongs to another one, or to none."""

    organization_id: Id
    parent_id: Id | None = None


@dataclass(frozen=True, slots=True)
class RelationshipTypeAdded:
    """The organization is this to us as well; of prospect, customer and former the last one counts."""

    organization_id: Id
    relationship: Relationship


@dataclass(frozen=True, slots=True)
class OrganizationsMerged:
    """Two entries are one organization; the absorbed id stays an alias. In the streams of both."""

    organization_id: Id
    survivor_id: Id
    absorbed_id: Id
    reason: Text | None = None
