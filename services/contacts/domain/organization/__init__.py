"""Organization: a company or association, who belongs to it, and what it is to us."""

from collections.abc import Mapping
from typing import Any

from services.contacts.domain.organization import commands as c
from services.contacts.domain.organization import events as e
from services.contacts.domain.organization.decide import decide
from services.contacts.domain.organization.state import Organization, evolve
from shared.decide.decider import Decider
from shared.plan import FieldChanged, FieldExpired, SetField


def summary(known: Organization) -> Mapping[str, Any] | None:
    """Return the line of an organization; an absorbed one has none."""
    if known.into is not None:
        return None
    return {
        "name": known.name,
        "status": known.status,
        "types": sorted(known.types),
        "parent": known.parent,
    }


ORGANIZATION: Decider[Organization] = Decider(
    category="organization",
    service="contacts",
    initial=Organization(),
    decide=decide,
    evolve=evolve,
    events=(
        e.OrganizationRegistered,
        e.ContactLinked,
        e.ContactUnlinked,
        e.ParentOrganizationSet,
        e.RelationshipTypeAdded,
        e.OrganizationsMerged,
        FieldChanged,
        FieldExpired,
    ),
    commands={
        "register": c.RegisterOrganization,
        "link-contact": c.LinkContact,
        "unlink-contact": c.UnlinkContact,
        "set-parent": c.SetParent,
        "add-relationship": c.AddRelationshipType,
        "set-field": SetField,
    },
    timers=lambda known: known.custom.timers,
    summary=summary,
    filters=("status", "parent"),
)

__all__ = ["ORGANIZATION", "Organization"]
