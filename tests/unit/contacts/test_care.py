"""Looking after a contact: profile, contact points, preferences, owner, referral, duplicates, archive."""

from dataclasses import replace

from services.contacts.domain import CONTACT
from services.contacts.domain.contact import (
    AddContactPoint,
    ArchiveContact,
    AssignOwner,
    ChangeProfile,
    DismissDuplicate,
    MakePrimary,
    RecordReferral,
    RemoveContactPoint,
    StatePreference,
    Suspect,
    UnarchiveContact,
    VerifyContactPoint,
)
from services.contacts.domain.contact import events as e
from services.contacts.domain.contact import merges as m
from shared.decide import At
from shared.errors import Conflict, Invalid, NotFound
from shared.plan.fields import Rule
from shared.testing.controls import moment
from shared.testing.given import given

ANNA = e.ContactRegistered("c-1", "known", "shop")
POINT = AddContactPoint("c-1", "email", "anna@example.org", point_id="c-mail")
ADDED = e.ContactPointAdded("c-1", "c-mail", "email", "anna@example.org", False)
LINKED = e.ContactIdentifierLinked("c-1", "email", "c-mail", "anna@example.org", "strong")


def test_an_undeclared_field_is_refused() -> None:
    """No rule, no value."""
    change = ChangeProfile("c-1", "shoe_size", "38", digest="d")
    given(CONTACT, ANNA).when(change).then_raises(Invalid, "not declared")


def test_c7_a_declared_field_takes_values_of_its_type_and_each_change_is_one_event() -> None:
    """Numbers are numbers; the same value again is no news."""
    change = ChangeProfile("c-1", "shoe_size", "38", digest="d", rule=Rule("number"))
    changed = e.ProfileAttributeChanged("c-1", "shoe_size", "38", "d", "staff")
    given(CONTACT, ANNA).when(change).then(changed)
    given(CONTACT, ANNA, changed).when(change).then_nothing()
    given(CONTACT, ANNA).when(replace(change, to="large")).then_raises(Invalid, "number")


def test_a_term_that_is_retired_is_refused_in_new_facts() -> None:
    """A choice takes what its vocabulary offers now."""
    change = ChangeProfile("c-1", "size", "xl", digest="d", rule=Rule("choice", codes=("s", "m")))
    given(CONTACT, ANNA).when(change).then_raises(Invalid, "none of s, m")


def test_a_mandatory_field_can_not_be_cleared() -> None:
    """Others can."""
    clear = ChangeProfile("c-1", "size", "", digest="none", rule=Rule("text", mandatory=True))
    given(CONTACT, ANNA).when(clear).then_raises(Invalid, "mandatory")
    given(CONTACT, ANNA).when(replace(clear, rule=Rule("text"))).then_nothing()


def test_a_contact_point_of_ones_own_identifies() -> None:
    """It is linked in the same breath, and once."""
    given(CONTACT, ANNA).when(POINT).then(ADDED, LINKED)
    given(CONTACT, ANNA, ADDED, LINKED).when(POINT).then_nothing()


def test_c4_a_shared_contact_point_identifies_nobody() -> None:
    """It is not linked, and a link it had is taken back."""
    shared = replace(POINT, shared=True)
    given(CONTACT, ANNA).when(shared).then(replace(ADDED, shared=True))
    given(CONTACT, ANNA, ADDED, LINKED).when(shared).then(
        replace(ADDED, shared=True), e.ContactIdentifierUnlinked("c-1", "email", "c-mail")
    )
    given(CONTACT, ANNA).when(replace(POINT, holder="")).then(ADDED)


def test_c1_a_contact_point_somebody_else_has_is_a_suspicion() -> None:
    """Never a merge."""
    suspected = m.DuplicateSuspected("c-1", "c-2", "same email", "c-mail")
    given(CONTACT, ANNA).when(replace(POINT, holder="c-2")).then(ADDED, suspected)


def test_one_contact_point_of_a_kind_is_the_primary_one() -> None:
    """The former one is it no more."""
    other = e.ContactPointAdded("c-1", "c-old", "email", "a@example.org", False)
    first = e.ContactPointMadePrimary("c-1", "c-old", "email")
    state = given(CONTACT, ANNA, ADDED, other, first).when(MakePrimary("c-1", "c-mail")).after()
    assert {key: p.primary for key, p in state.points.items()} == {"c-mail": True, "c-old": False}


def test_a_contact_point_is_verified_and_removed() -> None:
    """What is not there can not be verified, and is removed already."""
    verify, remove = (
        VerifyContactPoint("c-1", "c-mail", "code"),
        RemoveContactPoint("c-1", "c-mail", "bounced"),
    )
    given(CONTACT, ANNA, ADDED).when(verify).then(e.ContactPointVerified("c-1", "c-mail", "code"))
    given(CONTACT, ANNA, ADDED).when(remove).then(e.ContactPointRemoved("c-1", "c-mail", "bounced"))
    given(CONTACT, ANNA, ADDED).when(remove, verify).then_raises(NotFound, "c-mail")
    given(CONTACT, ANNA).when(remove).then_nothing()


def test_preferences_and_owner_are_events_and_repeats_are_none() -> None:
    """Both say what was before."""
    prefer = StatePreference("c-1", "contact time", "evening", "phone")
    given(CONTACT, ANNA).when(prefer).then(e.PreferenceStated("c-1", "contact time", "evening", "phone"))
    given(CONTACT, ANNA).when(prefer, prefer).then_nothing()
    assign = AssignOwner("c-1", "moses")
    given(CONTACT, ANNA).when(AssignOwner("c-1", "eve"), assign).then(e.OwnerAssigned("c-1", "moses", "eve"))


REFER = RecordReferral("c-1", "c-2", moment(9), moment(2))


def test_c10_nobody_is_brought_by_themselves_directly_or_around() -> None:
    """The whole line of referrers counts."""
    given(CONTACT, ANNA).when(replace(REFER, referrer_id="c-1")).then_raises(Conflict, "themselves")
    given(CONTACT, ANNA).when(replace(REFER, upline=("c-2", "c-3", "c-1"))).then_raises(Conflict, "around")


def test_c10_one_referrer_and_the_earliest_counts() -> None:
    """A later claim is refused; an earlier one replaces it."""
    first = e.ReferralRecorded("c-1", "c-2", moment(2))
    given(CONTACT, ANNA).when(REFER).then(At(first, moment(2)))
    later, earlier = (replace(REFER, referrer_id="c-3", referred_at=moment(day)) for day in (3, 1))
    given(CONTACT, ANNA, first).when(later).then_raises(Conflict, "c-2")
    given(CONTACT, ANNA, first).when(earlier).then(e.ReferralRecorded("c-1", "c-3", moment(1)))
    given(CONTACT, ANNA, first).when(REFER).then_nothing()


def test_a_dismissed_duplicate_leaves_the_review_list_and_no_machine_brings_it_back() -> None:
    """A person may."""
    suspected = m.DuplicateSuspected("c-1", "c-2", "same email", "e-1")
    dismissed = m.DuplicateDismissed("c-1", "c-2", "mother")
    listed = given(CONTACT, ANNA, suspected)
    assert CONTACT.summary is not None
    assert (CONTACT.summary(listed.state()) or {})["duplicates"] == "open"
    done = listed.when(DismissDuplicate("c-1", "c-2", "mother")).then(dismissed)
    assert CONTACT.summary(done) is None
    gone = given(CONTACT, ANNA, suspected, dismissed)
    gone.when(Suspect("c-1", "c-2", "same email", "e-2")).then_nothing()
    gone.when(Suspect("c-1", "c-2")).then(m.DuplicateSuspected("c-1", "c-2", "by hand", "by hand"))


def test_only_a_suspicion_can_be_dismissed() -> None:
    """Else there is nothing to look at."""
    given(CONTACT, ANNA).when(DismissDuplicate("c-1", "c-2")).then_raises(Conflict, "not suspected")


def test_an_archived_contact_is_brought_back_before_it_is_changed() -> None:
    """Archive and back, each once."""
    archived, back = e.ContactArchived("c-1", "moved"), e.ContactUnarchived("c-1", "returned")
    given(CONTACT, ANNA).when(ArchiveContact("c-1", "moved")).then(archived)
    given(CONTACT, ANNA, archived).when(AssignOwner("c-1", "eve")).then_raises(Conflict, "archived")
    given(CONTACT, ANNA, archived).when(UnarchiveContact("c-1", "returned")).then(back)
    given(CONTACT, ANNA, archived, back).when(AssignOwner("c-1", "eve")).then(e.OwnerAssigned("c-1", "eve"))


def test_c8_nothing_names_an_erased_contact_any_more() -> None:
    """Every command is refused; an unknown contact is not made by one either."""
    erased = e.ContactErased("c-1", ("c-1",), "r-1", moment())
    given(CONTACT, ANNA, erased).when(AssignOwner("c-1", "eve")).then_raises(Conflict, "erased")
    given(CONTACT).when(AssignOwner("c-1", "eve")).then_raises(NotFound, "c-1")
