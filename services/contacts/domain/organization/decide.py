"""What an organization decides."""

from collections.abc import Callable
from typing import Any

from services.contacts.domain.organization.commands import (
    AddRelationshipType,
    LinkContact,
    MergeOrganization,
    RegisterOrganization,
    SetParent,
    UnlinkContact,
)
from services.contacts.domain.organization.events import (
    ContactLinked,
    ContactUnlinked,
    OrganizationRegistered,
    OrganizationsMerged,
    ParentOrganizationSet,
    RelationshipTypeAdded,
)
from services.contacts.domain.organization.state import Organization
from shared.decide import Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.plan import SetField, keeping


def _register(known: Organization, command: RegisterOrganization) -> list[Any]:
    if not command.name.strip():
        raise Invalid(FieldError("/name", "needs to be said"))
    same = known.name == command.name
    return [] if same else [OrganizationRegistered(command.organization_id, command.name)]


def _link(known: Organization, command: LinkContact) -> list[Any]:
    if known.open(command.contact_id, command.role):
        return []
    day = command.valid_from or command.at.date()
    mine = [r for r in known.roles if (r.contact_id, r.role) == (command.contact_id, command.role)]
    if any(r.valid_to and r.valid_to >= day for r in mine):
        raise Conflict(f"{command.contact_id} was {command.role} on {day} already")
    return [ContactLinked(command.organization_id, command.contact_id, command.role, day)]


def _unlink(known: Organization, command: UnlinkContact) -> list[Any]:
    role = known.open(command.contact_id, command.role)
    if role is None:
        return []
    day = command.valid_to or command.at.date()
    if day < role.valid_from:
        raise Invalid(FieldError("/valid_to", f"is before {role.valid_from}"))
    return [ContactUnlinked(command.organization_id, command.contact_id, command.role, day)]


def _parent(known: Organization, command: SetParent) -> list[Any]:
    if command.organization_id in (command.parent_id, *command.ancestors):
        raise Conflict("an organization can not belong to itself, directly or around")
    same = known.parent == command.parent_id
    return [] if same else [ParentOrganizationSet(command.organization_id, command.parent_id)]


def _relate(known: Organization, command: AddRelationshipType) -> list[Any]:
    wanted = command.relationship
    if wanted in known.types or wanted == known.status:
        return []
    if wanted == "prospect" and known.status in ("customer", "former"):
        raise Conflict(f"a {known.status} organization is no prospect any more")
    return [RelationshipTypeAdded(command.organization_id, wanted)]


def _merge(known: Organization, command: MergeOrganization) -> list[Any]:
    if command.survivor_id == command.absorbed_id:
        raise Conflict("they are one organization already")
    if command.absorbed_id in known.absorbed:
        return []
    said = (command.survivor_id, command.absorbed_id, command.reason)
    return [OrganizationsMerged(command.organization_id, *said)]


DECIDE: dict[type, Callable[[Organization, Any], list[Any]]] = {
    RegisterOrganization: _register,
    LinkContact: _link,
    UnlinkContact: _unlink,
    SetParent: _parent,
    AddRelationshipType: _relate,
    MergeOrganization: _merge,
    **keeping("organization", lambda known: known.organization_id),
}


def decide(known: Organization, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if known.name is None and not isinstance(command, RegisterOrganization | SetField | Elapsed):
        raise NotFound(f"there is no organization {command.organization_id}")
    if known.into is not None and not isinstance(command, Elapsed):
        raise Conflict(f"the organization is an alias of {known.into} by now")
    return DECIDE[type(command)](known, command)
