"""Who is who: contacts discovered, identifiers linked, contacts merged and taken apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contacts.domain.contact import AddContactPoint, ChangeProfile, GrantConsent
from services.contacts.domain.contact.commands import UnsharePoint
from shared.errors import Conflict, NotFound
from shared.testing.controls import WHEN
from tests.unit.contacts.desk import Desk, seen
from tests.unit.contacts.office import Office

IDENTITY = (
    "ContactRegistered",
    "ContactIdentifierLinked",
    "ContactIdentified",
    "ContactsMerged",
    "ContactAbsorbed",
)


def test_an_anonymous_visitor_becomes_known_and_keeps_the_id() -> None:
    """A visit, then a log-in with the same visitor id: one contact, identified."""
    desk = Desk()
    desk.receive(seen(visitor_id="v"))
    anonymous = desk.contact("visitor_id", "v")
    desk.receive(seen(visitor_id="v", email="Anna@Example.org"))

    assert desk.contact("email", "anna@example.org") == anonymous == desk.ref("visitor_id", "v")
    assert desk.types("ContactIdentified") == ["ContactIdentified"]


def test_spellings_of_one_identifier_meet() -> None:
    """E-mail addresses are folded, telephone numbers become E.164."""
    desk = Desk()
    desk.receive(seen(email="ANNA@example.org", phone="020 7946 0958"), seen(email="anna@example.org"))
    desk.receive(seen(phone="+44 (20) 7946-0958"))
    assert desk.types("ContactRegistered") == ["ContactRegistered"]


def test_nothing_is_written_about_identity_when_nothing_is_new() -> None:
    """A second event with the same identifiers and profile adds its interaction alone."""
    desk = Desk()
    desk.receive(seen(email="anna@example.org", name="Anna"))
    before = len(desk.store.events)
    desk.receive(seen(email="anna@example.org", name="Anna"))
    assert [e.type for e in desk.store.events[before:]] == ["InteractionRecorded"]


def test_two_known_contacts_named_together_are_merged() -> None:
    """The stronger identifier's contact survives; the other goes on as its alias."""
    desk = Desk()
    desk.receive(seen(email="anna@example.org"), seen(loyalty_id="L1"))
    desk.receive(seen(email="anna@example.org", loyalty_id="L1"))
    assert (
        desk.contact("email", "anna@example.org")
        == desk.contact("loyalty_id", "L1")
        == desk.ref("loyalty_id", "L1")
    )
    assert desk.types("ContactsMerged", "ContactAbsorbed") == ["ContactsMerged", "ContactAbsorbed"]


def test_a_known_contact_survives_an_anonymous_one() -> None:
    """Whatever order they are named in, the visitor is absorbed."""
    desk = Desk()
    desk.receive(
        seen(visitor_id="v"), seen(email="anna@example.org"), seen(visitor_id="v", email="anna@example.org")
    )
    assert desk.contact("visitor_id", "v") == desk.ref("email", "anna@example.org")


def test_c1_different_strong_ids_never_merge_by_themselves() -> None:
    """Two loyalty numbers are two people, even behind one mailbox: a suspicion, no merge."""
    desk = Desk()
    desk.receive(
        seen(email="home@example.org", loyalty_id="L1"), seen(email="home@example.org", loyalty_id="L2")
    )
    assert desk.contact("loyalty_id", "L1") != desk.contact("loyalty_id", "L2")
    assert desk.types("ContactsMerged", "DuplicateSuspected") == ["DuplicateSuspected"]


def test_blocked_values_identify_nobody() -> None:
    """What channels send when they know nothing makes no contact."""
    desk = Desk()
    desk.receive(seen(customer_no="guest"), seen(customer_no="GUEST", email="anna@example.org"))
    assert desk.contact("customer_no", "guest") is None
    assert desk.types("ContactRegistered") == ["ContactRegistered"]


def test_c2_an_absorbed_id_resolves_to_the_survivor_through_chains() -> None:
    """Merged into merged: every old id leads to the last survivor."""
    desk = Desk()
    desk.receive(seen(email="a@example.org"), seen(email="b@example.org"), seen(email="c@example.org"))
    a, b, c = (desk.ref("email", f"{x}@example.org") for x in "abc")
    desk.merging.merge(b, a, None, desk.context())
    desk.merging.merge(c, b, None, desk.context())
    assert desk.index.survivors([a, b, c], fresh=True) == dict.fromkeys((a, b, c), c)


def test_c2_a_cycle_of_merges_is_refused() -> None:
    """Merging a survivor into what it has absorbed says that they are one already."""
    desk = Desk()
    desk.receive(seen(email="a@example.org"), seen(email="b@example.org"))
    a, b = (desk.ref("email", f"{x}@example.org") for x in "ab")
    desk.merging.merge(a, b, None, desk.context())
    with pytest.raises(Conflict, match="one contact already"):
        desk.merging.merge(b, a, None, desk.context())


def test_c3_unmerge_restores_both() -> None:
    """Both stand for themselves again, and may be merged anew."""
    desk = Desk()
    desk.receive(seen(email="a@example.org"), seen(email="b@example.org"))
    a, b = (desk.ref("email", f"{x}@example.org") for x in "ab")
    desk.merging.merge(a, b, "same name", desk.context())
    desk.merging.unmerge(a, b, "father and son", (), desk.context())
    assert desk.index.survivors([a, b], fresh=True) == {a: a, b: b}
    desk.merging.merge(b, a, None, desk.context())
    assert desk.index.survivors([a, b], fresh=True) == {a: b, b: b}


def test_c3_moved_events_go_with_the_restored_contact() -> None:
    """What was said of the survivor since stays with it, except for what is listed."""
    office = Office()
    a = office.register({"name": "Ada"}, email="a@example.org").contact_id
    b = office.register({"name": "Bob"}, email="b@example.org").contact_id
    office.merging.merge(a, b, "same address", office.context())
    office.do(ChangeProfile(a, "country", "NL"))
    office.do(ChangeProfile(a, "birth_date", "1990-05-01"))
    office.do(GrantConsent(a, "news", "email", "consent", "v1", "form 1", WHEN))
    changed = [e for e in office.store.events if e.type == "ProfileAttributeChanged"]
    (granted,) = (e for e in office.store.events if e.type == "ConsentGranted")
    office.merging.unmerge(a, b, "twins", (changed[-1].id, granted.id), office.context())

    assert office.reading.profile(a, WHEN)["profile"] == {"name": "Ada", "country": "NL"}
    assert office.reading.profile(b, WHEN)["profile"] == {"name": "Bob", "birth_date": "1990-05-01"}
    assert [len(office.reading.consents(key, WHEN)["ledger"]) for key in (a, b)] == [0, 1]
    told = office.exporting.export(b, "r1", office.context())["events"]
    assert changed[-1].id in str(told)
    assert changed[-2].id not in str(told)


def test_c4_a_point_that_was_taken_for_a_shared_one_identifies_again() -> None:
    """Sharing is undone for the one it belongs to; what is not shared has nothing to undo."""
    office = Office()
    a = office.register({"name": "Ada"}, email="home@example.org").contact_id
    b = office.register({"name": "Bob"}, email="b@example.org").contact_id
    office.do(AddContactPoint(a, "email", "home@example.org", shared=True))
    assert office.contact("email", "home@example.org") == ""
    office.do(UnsharePoint(a, "email", "Home@example.org", "the household is one person"))
    assert office.contact("email", "home@example.org") == a
    with pytest.raises(Conflict, match="is not shared"):
        office.do(UnsharePoint(b, "email", "home@example.org", "mine"))
    office.receive(seen(email="home@example.org"))
    assert office.types("ContactRegistered") == ["ContactRegistered"] * 2


def test_merging_what_does_not_exist_is_refused() -> None:
    """An unknown id is named in the refusal."""
    desk = Desk()
    desk.receive(seen(email="a@example.org"))
    with pytest.raises(NotFound, match="c-nobody"):
        desk.merging.merge(desk.ref("email", "a@example.org"), "c-nobody", None, desk.context())


PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["a@x.org", "b@x.org"]),
        "phone": st.sampled_from(["+442079460958", "+442079460959"]),
        "visitor_id": st.sampled_from(["v1", "v2", "v3"]),
        "loyalty_id": st.sampled_from(["L1", "L2"]),
    },
)


@given(st.lists(PEOPLE, max_size=12), st.integers(1, 12))
def test_identity_does_not_depend_on_how_events_are_batched(people: list[dict[str, str]], size: int) -> None:
    """One by one or in batches: the same contacts, merges and suspicions."""
    one, many = Desk(), Desk()
    events = [seen(str(n), **who) for n, who in enumerate(people)]
    for event in events:
        one.receive(event)
    for start in range(0, len(events), size):
        many.receive(*events[start : start + size])
    assert [(e.stream, e.type) for e in one.store.events] == [(e.stream, e.type) for e in many.store.events]
    assert one.store.documents["identifiers"] == many.store.documents["identifiers"]


@given(st.lists(PEOPLE, max_size=12))
def test_no_contact_ever_has_two_numbers_that_belong_to_one_person_each(people: list[dict[str, str]]) -> None:
    """Whatever channels report, two loyalty numbers never end up in one contact."""
    desk = Desk()
    desk.receive(*(seen(str(n), **who) for n, who in enumerate(people)))
    owners = [desk.contact("loyalty_id", number) for number in ("L1", "L2")]
    assert owners[0] is None or owners[0] != owners[1]
