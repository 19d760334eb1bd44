"""Organizations: roles with validity, parents, what they are to us, merges."""

from datetime import date

from services.contacts.domain import ORGANIZATION
from services.contacts.domain.organization import commands as c
from services.contacts.domain.organization import events as e
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN, moment
from shared.testing.given import given

ACME = e.OrganizationRegistered("o-1", "Acme")
BUYER = e.ContactLinked("o-1", "c-1", "buyer", date(2026, 5, 1))
LEFT = e.ContactUnlinked("o-1", "c-1", "buyer", date(2026, 5, 9))


def test_a_role_holds_from_a_day_to_a_day() -> None:
    """Today when no day is said; the same role again is no news while it lasts."""
    link = c.LinkContact("o-1", "c-1", "buyer", WHEN)
    given(ORGANIZATION, ACME).when(link).then(BUYER)
    given(ORGANIZATION, ACME, BUYER).when(link).then_nothing()
    given(ORGANIZATION, ACME, BUYER).when(c.UnlinkContact("o-1", "c-1", "buyer", moment(8))).then(LEFT)


def test_a_role_begins_before_it_ends_and_not_while_it_lasts() -> None:
    """Both are refused by day."""
    early = c.UnlinkContact("o-1", "c-1", "buyer", WHEN, date(2026, 4, 1))
    given(ORGANIZATION, ACME, BUYER).when(early).then_raises(Invalid, "2026-05-01")
    again = c.LinkContact("o-1", "c-1", "buyer", WHEN, date(2026, 5, 9))
    given(ORGANIZATION, ACME, BUYER, LEFT).when(again).then_raises(Conflict, "already")


def test_an_organization_does_not_belong_to_itself() -> None:
    """Directly or around."""
    given(ORGANIZATION, ACME).when(c.SetParent("o-1", "o-1")).then_raises(Conflict, "itself")
    given(ORGANIZATION, ACME).when(c.SetParent("o-1", "o-2", ("o-2", "o-1"))).then_raises(Conflict, "itself")
    given(ORGANIZATION, ACME).when(c.SetParent("o-1", "o-2", ("o-2",))).then(
        e.ParentOrganizationSet("o-1", "o-2")
    )


def test_a_customer_becomes_no_prospect_again_but_a_partner_as_well() -> None:
    """Of the buying states the last counts; the others stand beside it."""
    customer = e.RelationshipTypeAdded("o-1", "customer")
    known = given(ORGANIZATION, ACME, customer)
    known.when(c.AddRelationshipType("o-1", "prospect")).then_raises(Conflict, "customer")
    state = known.when(c.AddRelationshipType("o-1", "partner")).after()
    assert (state.status, state.types) == ("customer", {"partner"})
    known.when(c.AddRelationshipType("o-1", "customer")).then_nothing()


def test_a_merged_organization_goes_on_as_an_alias() -> None:
    """It takes no more commands and leaves the list."""
    merged = e.OrganizationsMerged("o-1", "o-2", "o-1")
    absorbed = given(ORGANIZATION, ACME, merged)
    absorbed.when(c.SetParent("o-1", "o-3")).then_raises(Conflict, "alias of o-2")
    assert ORGANIZATION.summary is not None
    assert ORGANIZATION.summary(absorbed.state()) is None


def test_what_is_not_registered_is_not_found() -> None:
    """Only registering makes an organization."""
    given(ORGANIZATION).when(c.SetParent("o-1", "o-3")).then_raises(NotFound, "o-1")
