"""The office: registered once, found again, completed, imported and taken back, reacted to."""

import json
from datetime import timedelta

import pytest

from services.contacts.domain.contact import (
    AddContactPoint,
    AssignOwner,
    ChangeProfile,
    RecordReferral,
)
from services.contacts.domain.imports.messages import ApplyImport, StartImport
from services.contacts.domain.interaction import RecordInteraction
from services.contacts.domain.interaction.commands import ReassignInteraction
from services.contacts.domain.organization.commands import LinkContact, RegisterOrganization, SetParent
from services.contacts.office.telling import readable
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.events.clock import now
from shared.plan.messages import DeclareField
from shared.privacy import Erased
from shared.testing.controls import WHEN, moment
from shared.vocabulary import AddTerm, DefineVocabulary, RetireTerm
from tests.unit.contacts.desk import seen
from tests.unit.contacts.office import Office
from tests.unit.contacts.test_erasure import sealed_values

SIZE = DeclareField("contact", "size", "choice", "fitting shoes", 730, vocabulary="sizes")


def sizes(office: Office) -> None:
    """Declare the field `size` with the terms s and m."""
    office.do(DefineVocabulary("sizes", "Sizes"), "vocabulary")
    for code in "sm":
        office.do(AddTerm("sizes", code, code.upper()), "vocabulary")
    office.declare(SIZE)


def test_who_is_registered_twice_is_one_contact() -> None:
    """By hand, from a channel, by hand with more: found again, and linked."""
    office = Office()
    first = office.register({"name": "Anna"}, email="Anna@Example.org")
    office.receive(seen(email="anna@example.org"))
    again = office.register(phone="020 7946 0958", email="anna@example.org")
    assert (first.action, again.action) == ("created", "changed")
    assert first.contact_id == again.contact_id == office.contact("phone", "+442079460958")


def test_who_has_no_identifier_is_registered_by_name() -> None:
    """Each time anew: a name identifies nobody (C-1). Without a word there is nobody."""
    office = Office()
    one, other = office.register({"name": "Anna"}), office.register({"name": "Anna"})
    assert one.contact_id != other.contact_id
    with pytest.raises(Invalid, match="nothing about the person"):
        office.register()


def test_undeclared_missing_and_retired_values_are_refused_at_registration() -> None:
    """As the collection plan says; each field is named."""
    office = Office()
    with pytest.raises(Invalid, match="/profile/size: is not declared"):
        office.register({"size": "s"}, email="a@example.org")
    sizes(office)
    assert office.register({"size": "s"}, email="a@example.org").action == "created"
    office.do(RetireTerm("sizes", "s"), "vocabulary")
    with pytest.raises(Invalid, match="none of m"):
        office.register({"size": "s"}, email="b@example.org")
    office.declare(DeclareField("contact", "title", "text", "letters", 730, mandatory=True))
    with pytest.raises(Invalid, match="title: is mandatory"):
        office.register({"name": "Anna"}, email="b@example.org")


def test_a_field_is_declared_before_a_profile_has_it() -> None:
    """A command gets the rule with its terms from plan and vocabulary."""
    office = Office()
    anna = office.register(email="a@example.org").contact_id
    with pytest.raises(Invalid, match="not declared"):
        office.do(ChangeProfile(anna, "size", "s"))
    sizes(office)
    office.do(ChangeProfile(anna, "size", "m"))
    assert office.reading.profile(anna, now())["profile"] == {"size": "m"}


def test_the_unread_field_report_names_what_nobody_reads() -> None:
    """Reading the profile counts."""
    office = Office()
    sizes(office)
    office.declare(DeclareField("contact", "shoe", "text", "nothing much", 30))
    anna = office.register({"size": "s"}, email="a@example.org").contact_id
    assert [line["field"] for line in office.reading.unread(90, now())["unread"]] == ["size", "shoe"]
    office.reading.profile(anna, now())
    assert [line["field"] for line in office.reading.unread(90, now())["unread"]] == ["shoe"]


def test_a_value_is_kept_as_long_as_its_declaration_allows() -> None:
    """Wherever it came from; a timer removes it, and one that was told since stays."""
    office = Office()
    office.declare(DeclareField("contact", "country", "text", "shipping", 30))
    office.receive(seen(email="a@example.org", name="Anna", country="NL"))
    contacts, anna = office.streams["contact"], office.contact("email", "a@example.org") or ""
    first = WHEN + timedelta(days=30)
    assert contacts.load([anna], fresh=True)[anna].state.kept_until == {"country": first}
    told = now()
    office.do(ChangeProfile(anna, "country", "BE", at=told))
    contacts.handle(anna, Elapsed("expiry of country", first), office.context())
    assert office.reading.profile(anna, now())["profile"] == {"name": "Anna", "country": "BE"}
    (timer,) = office.store.documents["timers"].values()
    assert timer["due_at"] == told + timedelta(days=30)
    assert office.reading.profile(anna, told + timedelta(days=30))["profile"] == {"name": "Anna"}
    contacts.handle(anna, Elapsed(timer["timer"], timer["due_at"]), office.context())
    assert office.reading.profile(anna, now())["profile"] == {"name": "Anna"}
    assert "country" not in contacts.load([anna], fresh=True)[anna].state.profile
    assert not office.store.documents["timers"]
    registered = office.register({"country": "FR"}, email="f@example.org").contact_id
    assert contacts.load([registered], fresh=True)[registered].state.kept_until


def test_c4_a_shared_mailbox_identifies_nobody_from_then_on() -> None:
    """Whoever it named; channels that report it name nobody by it."""
    office = Office()
    anna = office.register(email="home@example.org", loyalty_id="L1").contact_id
    office.do(AddContactPoint(anna, "email", "Home@example.org", shared=True))
    office.receive(seen(email="home@example.org", name="Bert"))
    assert not office.contact("email", "home@example.org")
    assert office.types("ContactRegistered") == ["ContactRegistered"]
    assert office.contact("loyalty_id", "L1") == anna


def test_c1_a_contact_point_of_somebody_else_is_only_suspected() -> None:
    """Both keep their own, and nobody is merged."""
    office = Office()
    anna, bert = (office.register(email=f"{x}@example.org").contact_id for x in "ab")
    office.do(AddContactPoint(bert, "email", "a@example.org"))
    assert office.contact("email", "a@example.org") == anna
    assert office.types("DuplicateSuspected", "ContactsMerged") == ["DuplicateSuspected"]


def test_c2_commands_to_an_absorbed_contact_reach_the_survivor() -> None:
    """By its id, and by any ref it has."""
    office = Office()
    anna, other = (office.register(email=f"{x}@example.org").contact_id for x in "ab")
    office.merging.merge(anna, other, None, office.context())
    office.do(AssignOwner(other, "eve"))
    assert office.streams["contact"].load([anna], fresh=True)[anna].state.owner == "eve"


def test_an_interaction_is_with_the_contact_that_goes_on() -> None:
    """Recorded for an absorbed contact, reassigned to one that exists."""
    office = Office()
    anna, old, bert = (office.register(email=f"{x}@example.org").contact_id for x in "abc")
    office.merging.merge(anna, old, None, office.context())
    office.do(RecordInteraction("i-1", "call", customer=old), "interaction")
    office.do(ReassignInteraction("i-1", bert), "interaction")
    events = office.store.read_stream("interaction-i-1")
    assert [e.meta.customer for e in events] == [anna, bert]
    with pytest.raises(NotFound, match="c-nobody"):
        office.do(ReassignInteraction("i-1", "c-nobody"), "interaction")


def test_c8_what_was_told_by_hand_is_dark_after_an_erasure() -> None:
    """Profile, contact points, subjects, of merged contacts too; and nobody brings the person back."""
    office = Office()
    anna = office.register({"name": "Anna"}).contact_id
    office.merging.merge(anna, office.register(email="b@example.org").contact_id, None, office.context())
    office.do(AddContactPoint(anna, "postal", "1 Long Lane"))
    office.do(AddContactPoint(anna, "email", "a@example.org"))
    office.do(RecordInteraction("i-1", "call", customer=anna, subject="heating"), "interaction")
    office.erasure.erase(anna, "r-1", office.context())
    assert {office.vault.open(*value) for value in sealed_values(office)} == {None}
    with pytest.raises(Erased):
        office.register(email="b@example.org")


def test_c10_a_circle_of_referrals_is_refused() -> None:
    """Around three corners, and across merged contacts."""
    office = Office()
    a, b, c = (office.register(email=f"{x}@example.org").contact_id for x in "abc")
    office.do(RecordReferral(b, a, WHEN))
    office.do(RecordReferral(c, b, WHEN))
    with pytest.raises(Conflict, match="around"):
        office.do(RecordReferral(a, c, WHEN))
    with pytest.raises(NotFound, match="c-nobody"):
        office.do(RecordReferral(a, "c-nobody", WHEN))


def test_organizations_belong_to_each_other_without_circles_across_merges() -> None:
    """A merged organization is its survivor."""
    office = Office()
    for key in ("o1", "o2", "o3"):
        office.do(RegisterOrganization(key, key), "organization")
    office.do(SetParent("o2", "o1"), "organization")
    office.organizing.merge("o2", "o3", None, office.context())
    with pytest.raises(Conflict, match="itself"):
        office.do(SetParent("o1", "o3"), "organization")
    with pytest.raises(Conflict, match="already"):
        office.organizing.merge("o2", "o3", None, office.context())
    with pytest.raises(NotFound, match="no contact"):
        office.do(LinkContact("o3", "c-nobody", "buyer", WHEN), "organization")


def test_c9_a_row_counts_once() -> None:
    """Rows come again after a lost answer: same result, no second event."""
    office = Office()
    office.do(StartImport("f1", "people"), "import")
    with pytest.raises(Conflict, match="not validated"):
        office.take(1, {"name": "Anna"}, email="a@example.org")
    office.try_(1, {"name": "Anna"}, email="a@example.org")
    assert office.take(1, {"name": "Anna"}, email="a@example.org")["status"] == "created"
    before = len(office.store.events)
    assert office.take(1, {"name": "Anna"}, email="a@example.org")["status"] == "created"
    assert office.take(2, {"shoe": "38"})["status"] == "rejected"
    assert office.take(2, {"name": "mended"})["status"] == "rejected"
    assert len(office.store.events) == before + 1


def test_c9_a_dry_run_tells_what_would_happen_and_changes_nothing() -> None:
    """Created, changed or refused with the reason; the batch is validated, and nobody is registered."""
    office = Office()
    office.register({"name": "Berta"}, email="b@example.org")
    office.do(StartImport("f1", "people"), "import")
    before = office.types("ContactRegistered", "ProfileAttributeChanged")
    assert office.try_(1, {"name": "Anna"}, email="a@example.org")["status"] == "created"
    assert office.try_(2, {"name": "Bert"}, email="b@example.org")["status"] == "changed"
    refused = office.try_(3, {"shoe": "38"}, email="c@example.org")
    assert (refused["status"], "/profile/shoe" in refused["reason"]) == ("rejected", True)
    assert office.types("ContactRegistered", "ProfileAttributeChanged") == before
    assert office.streams["import"].load(["f1"], fresh=True)["f1"].state.status == "validated"


def test_c9_only_rows_not_changed_since_are_taken_back_and_the_rest_is_listed() -> None:
    """Created contacts are archived, changed ones read as before, others are kept."""
    office = Office()
    old = office.register({"name": "Berta"}, email="b@example.org").contact_id
    office.do(StartImport("f1", "people"), "import")
    office.try_(1, {"name": "Anna"}, email="a@example.org")
    office.take(1, {"name": "Anna"}, email="a@example.org")
    office.take(2, {"name": "Bert", "country": "GB"}, email="b@example.org")
    carl = office.take(3, {"name": "Carl"}, email="c@example.org")["contact_id"]
    office.do(ApplyImport("f1"), "import")
    office.do(AssignOwner(carl, "eve"))
    assert office.importing.revert("f1", office.context()) == {"undone": [1, 2], "kept": [3]}
    assert office.reading.profile(old, now())["profile"] == {"name": "Berta"}
    anna = office.contact("email", "a@example.org") or ""
    assert office.streams["contact"].load([anna], fresh=True)[anna].state.archived
    with pytest.raises(Conflict, match="reverted"):
        office.take(4, email="d@example.org")


def test_everything_held_in_all_services_is_exported_in_the_clear_and_that_is_written_down() -> None:
    """With what was merged, of every service under every ref; a text for the person to read."""
    office = Office()
    anna, other = (office.register({"name": x}, email=f"{x}@example.org").contact_id for x in "ab")
    office.merging.merge(anna, other, None, office.context())
    office.do(RecordInteraction("call-1", "call", customer=anna, subject="heating"), "interaction")
    office.sources["sales"].happen(
        "OrderPlaced", other, order_no="17", total={"amount": 1250, "currency": "EUR"}
    )
    office.sources["sales"].happen("OrderPlaced", "c-somebody", order_no="18")
    told = office.exporting.export(other, "r-1", office.context())
    assert {e["data"].get("to") for e in told["events"]} >= {"a", "b"}
    assert told["services"] == {"contacts": 9, "campaigns": 0, "sales": 1, "support": 0}
    assert "sealed:" not in str(told)
    text = readable(told)
    assert "Order placed (sales)\n  order no: 17\n  total:\n    amount: 1250" in text
    assert "subject: heating" in text
    (noted,) = (e for e in office.store.events if e.type == "SubjectDataExported")
    assert (noted.data["events"], noted.data["missing"]) == (len(told["events"]), [])


def test_an_export_without_a_service_names_it() -> None:
    """It is partial, says so, and that is on record; a value kept as long as it may be is not shown again."""
    office = Office()
    office.declare(DeclareField("contact", "country", "text", "shipping", 30))
    office.receive(seen(email="a@example.org", country="NL"))
    office.sources["sales"].away = True
    told = office.exporting.export(office.ref("email", "a@example.org"), "r-1", office.context())
    assert (told["complete"], told["missing"]) == (False, ["sales"])
    assert "sales: did not answer" in readable(told)
    assert "NL" not in [e["data"].get("to") for e in told["events"]]
    assert office.store.events[-1].data["missing"] == ["sales"]
    with pytest.raises(NotFound):
        office.exporting.export("c-nobody", "r-2", office.context())


def test_a_won_deal_leads_to_one_onboarding_follow_up() -> None:
    """Of the contact's owner, in the chain of the deal, also when the event comes again."""
    office = Office()
    anna = office.register(email="a@example.org").contact_id
    office.do(AssignOwner(anna, "eve"))
    ref = office.ref("email", "a@example.org")
    won = office.sources["sales"].happen("OpportunityWon", ref, opportunity_id="D1", owner="moses")
    office.told("sales", won)
    office.told("sales", won)
    (event,) = [e for e in office.store.events if e.type == "FollowUpScheduled"]
    assert (event.data["owner"], event.meta.customer, event.meta.causation_id) == ("eve", anna, won.id)


def test_a_low_score_is_given_to_the_owner_and_a_high_one_to_nobody() -> None:
    """As support rates it; a score corrected to low counts, in the same place."""
    office = Office()
    anna = office.register(email="a@example.org").contact_id
    office.do(AssignOwner(anna, "eve"))
    said = {"survey_id": "S1", "kind": "nps"}
    for score, low in ((9, False), (3, True), (2, True)):
        answer = {**said, "score": score, "low": low}
        office.told("support", office.sources["support"].happen("SurveyResponded", anna, **answer))
    (stream,) = {e.stream for e in office.store.events if e.type == "FollowUpScheduled"}
    follow_up = office.streams["interaction"].load([stream.removeprefix("interaction-")], fresh=True)
    (known,) = (loaded.state.follow_up for loaded in follow_up.values())
    assert (known.owner, known.purpose) == ("eve", "nps score of 2")


def test_an_unsubscription_or_complaint_withdraws_consent_from_the_survivor() -> None:
    """Whatever the contact was called when the message went out."""
    office = Office()
    anna, old = (office.register(email=f"{x}@example.org").contact_id for x in "ab")
    office.merging.merge(anna, old, None, office.context())
    said = {"message_id": "m", "contact_id": old, "purpose": "news", "channel": "email"}
    campaigns = office.sources["campaigns"]
    office.told("campaigns", campaigns.happen("ComplaintReceived", old, **said))
    all_ = campaigns.happen("UnsubscribeRequested", old, **said, scope="all", method="one_click")
    office.told("campaigns", all_)
    entries = office.streams["contact"].load([anna], fresh=True)[anna].state.consents
    assert [(e.purpose, e.channel, e.granted) for e in entries] == [
        ("news", "email", False),
        ("all", "all", False),
    ]


def test_a_form_registers_who_sent_it_with_their_consent() -> None:
    """The anonymous visitor of before, and what they allowed; a second form finds them again."""
    office = Office()
    office.receive(seen(visitor_id="v"))
    consent = {"purpose": "news", "channel": "email", "text_version": "v3"}
    said = {"form_id": "F", "visitor_id": "v", "fields": '{"email": "a@example.org", "name": "Anna"}'}
    for number, more in (("1", {"consent": consent}), ("2", {})):
        event = office.sources["campaigns"].happen(
            "FormSubmitted", None, submission_id=number, **said, **more
        )
        office.told("campaigns", event)
    anna = office.contact("visitor_id", "v") or ""
    assert office.contact("email", "a@example.org") == anna
    shown = office.reading.consents(anna, moment(1))
    assert [line["granted"] for line in shown["effective"]] == [True]
    assert office.types("ContactRegistered", "ContactIdentified") == [
        "ContactRegistered",
        "ContactIdentified",
    ]


def test_a_form_with_a_wrong_telephone_number_is_noted_and_holds_nothing_up() -> None:
    """The reason is kept with the event; the next form is taken."""
    office = Office()
    for number, said in (("1", {"phone": "none"}), ("2", {"email": "a@example.org"})):
        form = {"form_id": "F", "submission_id": number, "fields": json.dumps(said)}
        office.told("campaigns", office.sources["campaigns"].happen("FormSubmitted", None, **form))
    (refused,) = office.store.documents["refused_reactions"].values()
    assert "telephone number" in refused["reason"]
    assert office.contact("email", "a@example.org")


@pytest.mark.parametrize(
    ("identifiers", "words"),
    [
        ({"email": "nope"}, "/identifiers/email: needs to be an e-mail address"),
        ({"phone": "call me"}, "/identifiers/phone: is not a telephone number"),
        ({"loyalty_id": "  "}, "/identifiers/loyalty_id: is empty"),
    ],
)
def test_row_20_a_wrong_identifier_is_refused_by_its_field(identifiers: dict[str, str], words: str) -> None:
    """Whatever door it comes by, the answer names field and reason; three spellings of one number are one."""
    office = Office()
    with pytest.raises(Invalid, match=words):
        office.register(**identifiers)
    one = office.register(phone="020 7946 0958").contact_id
    assert {office.register(phone=text).contact_id for text in ("+44 20 7946 0958", "(020) 7946-0958")} == {
        one
    }
