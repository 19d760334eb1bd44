"""What other services' events, and the own ones, mean to support."""

from datetime import date

import pytest

from services.contracts import contracts
from services.support.domain.problem import LinkTicket
from services.support.domain.promise import EndWatch, WatchPromise
from services.support.domain.survey import RequestSurvey, SkipSurvey
from services.support.domain.ticket import ContinueTicket, HearResolution, NoteGuideAnswer
from services.support.following import Following
from services.support.known import order_facts
from services.support.persons import Persons
from services.support.reactions import REACTIONS, survey_due
from shared.contracts.examples import PERSON, golden
from shared.events.wire import from_json
from shared.store.memory import MemoryStore
from shared.store.port import Commit
from tests.people import MemoryPeople

CONTRACTS = {contract.type: contract for contract in contracts()}


def event(type_, **data):
    """Return the example event of a type, with these data."""
    told = golden(CONTRACTS[type_])
    return from_json({**told, "data": {**told["data"], **data}})


def hear(store, told):
    """Keep what support keeps of an event."""
    [plan] = Following("support", {}, MemoryPeople(store))([told], False)
    store.commit([Commit((), tuple(plan.writes))])


@pytest.mark.parametrize("type_", sorted(REACTIONS))
def test_every_reaction_takes_the_event_it_is_for(type_):
    """The example of every type that is followed leads to commands, or to nothing."""
    assert isinstance(REACTIONS[type_](event(type_)), list)


def test_t7_and_t8_a_message_goes_on():
    """T-7, T-8: an erased one does not."""
    type_ = "rapport.support.MessageForwarded.v1"
    data = {"ticket_id": "T1", "to_ticket_id": "T1.next", "message": "hello?", "priority": "high"}
    happened = event(type_, **data)

    [instruct] = REACTIONS[type_](happened)
    told = ("T1.next", "T1", "Follow-up of T1", "hello?", "high", PERSON)
    command = ContinueTicket(*told, at=happened.occurred_at)
    assert (instruct.key, instruct.command) == ("T1.next", command)
    assert REACTIONS[type_](event(type_, **{**data, "message": None})) == []


def test_t9_the_survey_has_the_id_of_the_cycle():
    """T-9: so there is one per cycle."""
    [instruct] = REACTIONS["rapport.support.SurveyDue.v1"](
        event("rapport.support.SurveyDue.v1", ticket_id="T1", cycle=2, kind="nps")
    )
    assert isinstance(instruct.command, RequestSurvey)
    assert (instruct.key, instruct.command.kind) == ("T1.2", "nps")


def test_t9_only_customers_in_a_segment_that_is_asked_are_asked():
    """T-9, row 93: who is in none of them is noted as not asked."""
    due = event("rapport.support.SurveyDue.v1", ticket_id="T1", cycle=1, segments=["loyal"])

    asked, skipped = (
        survey_due(due, lambda ref, segments: (ref, segments) == (PERSON, ["loyal"])),
        survey_due(due, lambda *_: False),
    )
    assert [type(i.command) for i in asked] == [RequestSurvey]
    assert [type(i.command) for i in skipped] == [RequestSurvey, SkipSurvey]


def test_row_81_a_ticket_is_known_to_its_problem_and_hears_of_the_end():
    """The link goes to the problem, the resolution to the ticket."""
    [linked] = REACTIONS["rapport.support.ProblemLinked.v1"](
        event("rapport.support.ProblemLinked.v1", ticket_id="T1", problem_id="P7")
    )
    shared = event("rapport.support.ProblemResolutionShared.v1", ticket_id="T1", problem_id="P7")
    [heard] = REACTIONS["rapport.support.ProblemResolutionShared.v1"](shared)

    assert (linked.category, linked.command) == ("problem", LinkTicket("P7", "T1"))
    assert (heard.key, type(heard.command)) == ("T1", HearResolution)


def test_row_85_an_answer_reaches_the_ticket_it_is_about():
    """One that is about no ticket reaches none."""
    type_ = "rapport.support.GuideStepAnswered.v1"
    told = event(
        type_, guidance_id="w1", guide_id="kettle", question="lamp", answer="no", outcome="Plug it in"
    )
    alone = event(type_)
    alone.data.pop("ticket_id")

    [noted] = REACTIONS[type_](told)
    said = ("T-1024", "w1", "kettle", "lamp", "no", "Plug it in")
    assert noted.command == NoteGuideAnswer(*said, at=told.occurred_at)
    assert REACTIONS[type_](alone) == []


def test_row_41_and_93_tiers_and_segments_are_known_under_every_ref():
    """The tier told last counts; who left a segment is in it no more."""
    store = MemoryStore("support")

    people = MemoryPeople(store)

    def told(service, name, **data):
        hear(store, event(f"rapport.{service}.{name}.v1", **data))

    told("analytics", "CustomerValueTierChanged", customer="c-2", to_tier="top", model_version="rfm-1")
    told("analytics", "SegmentEntered", customer="c-2", segment_id="loyal", segment_version=1)
    told("contacts", "ContactsMerged", absorbed_id="c-2", survivor_id="c-1")
    persons = Persons(store, people)
    assert (persons.tier("c-1"), persons.tier("c-9")) == ("top", None)
    assert persons.among("c-1", ["loyal"])
    told("analytics", "SegmentExited", customer="c-2", segment_id="loyal", segment_version=1)
    told("analytics", "CustomerValueTierChanged", customer="c-2", from_tier="top", to_tier=None)
    assert (persons.tier("c-1"), persons.among("c-1", ["loyal"])) == (None, False)


def test_c6_promises_are_watched_and_ended():
    """C6: the promise is remembered with its event, delivery and cancellation end it."""
    promised = event("rapport.sales.DeliveryPromised.v1", order_id="1", promised_on="2026-05-05")

    [instruct] = REACTIONS["rapport.sales.DeliveryPromised.v1"](promised)
    assert instruct.command == WatchPromise("1", date(2026, 5, 5), promised.id)
    for name, because in (("OrderDelivered", "delivered"), ("OrderCancelled", "cancelled")):
        type_ = f"rapport.sales.{name}.v1"
        [ended] = REACTIONS[type_](event(type_, order_id="1"))
        assert ended.command == EndWatch("1", because)


def test_facts_of_an_order_are_kept_whatever_their_order():
    """Each is a document of its own, and travels with the reaction's commit."""
    store = MemoryStore("support")
    for type_ in ("rapport.sales.OrderShipped.v1", "rapport.sales.OrderPlaced.v1"):
        hear(store, event(type_, order_id="1"))

    assert set(order_facts(store, "1")) == {"placed", "shipped"}
    assert order_facts(store, "2") == {}


def test_c6_a_merge_makes_two_refs_one_person():
    """C6: an unmerge takes it back; who is not known is nobody's self."""
    store = MemoryStore("support")

    people = MemoryPeople(store)

    def told(name, **data):
        hear(store, event(f"rapport.contacts.{name}.v1", **data))

    told("ContactIdentifierLinked", ref="c-mail", contact_id="c-2")
    told("ContactsMerged", absorbed_id="c-2", survivor_id="c-1")
    persons = Persons(store, people)
    assert people.root("c-mail") == "c-1"
    assert people.group("c-2") == ["c-1", "c-2", "c-mail"]
    assert persons.same(["c-mail", "c-1"])
    told("ContactsUnmerged", absorbed_id="c-2", survivor_id="c-1")
    assert not persons.same(["c-mail", "c-1"])
    assert not persons.same([None, "c-1"])
    assert (people.group("c-1"), people.group("c-mail")) == (["c-1"], ["c-2", "c-mail"])
