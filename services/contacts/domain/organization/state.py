"""An organization as its events leave it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.contacts.domain.organization import events as e
from shared.plan import NO_FIELDS, Custom, FieldChanged, FieldExpired

# What an organization is as a buyer: one of these at a time; the other types stand beside it.
STATES = ("prospect", "customer", "former")


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a person, with the days it holds, both included."""

    contact_id: str
    role: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization; `into` is the one it was merged into."""

    name: str | None = None
    status: str = "prospect"
    types: frozenset[str] = frozenset()
    roles: tuple[Role, ...] = ()
    parent: str | None = None
    into: str | None = None
    absorbed: frozenset[str] = frozenset()
    custom: Custom = NO_FIELDS
    organization_id: str = ""

    def open(self, contact_id: str, role: str) -> Role | None:
        """Return the role a person has now, or None."""
        mine = (r for r in self.roles if (r.contact_id, r.role) == (contact_id, role))
        return next((r for r in mine if r.valid_to is None), None)


def evolve(known: Organization, event: Any) -> Organization:
    """Return the organization after the event."""
    match event:
        case e.OrganizationRegistered(name=name):
            return replace(known, name=name, organization_id=event.organization_id)
        case e.ContactLinked(contact_id=contact, role=role, valid_from=day):
            return replace(known, roles=(*known.roles, Role(contact, role, day)))
        case e.ContactUnlinked(contact_id=contact, role=role, valid_to=day):
            ended = known.open(contact, role)
            roles = tuple(replace(r, valid_to=day) if r is ended else r for r in known.roles)
            return replace(known, roles=roles)
        case e.ParentOrganizationSet(parent_id=parent):
            return replace(known, parent=parent)
        case e.RelationshipTypeAdded(relationship=kind) if kind in STATES:
            return replace(known, status=kind)
        case e.RelationshipTypeAdded(relationship=kind):
            return replace(known, types=known.types | {kind})
        case FieldChanged() | FieldExpired():
            return replace(known, custom=known.custom.after(event))
        case _:
            return _merged(known, event)


def _merged(known: Organization, event: e.OrganizationsMerged) -> Organization:
    if event.organization_id == event.absorbed_id:
        return replace(known, into=event.survivor_id)
    return replace(known, absorbed=known.absorbed | {event.absorbed_id})
