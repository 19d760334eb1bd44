"""What other services' events, and the own ones, mean to support."""

from datetime import date

import pytest

from services.contracts import contracts
from services.support.domain.case import RaiseCase, case_of
from services.support.domain.promise import EndWatch, WatchPromise
from services.support.domain.survey import RequestSurvey
from services.support.domain.ticket import ContinueTicket
from services.support.following import Following
from services.support.known import order_facts, person, same_person, written
from services.support.reactions import REACTIONS
from shared.contracts.examples import golden
from shared.events.wire import from_json
from shared.store.memory import MemoryStore
from shared.store.port import Commit

CONTRACTS = {contract.type: contract for contract in contracts()}


def event(type_, **data):
    """Return the example event of a type, with these data."""
    told = golden(CONTRACTS[type_])
    return from_json({**told, "data": {**told["data"], **data}})


@pytest.mark.parametrize("type_", sorted(REACTIONS))
def test_every_reaction_takes_the_event_it_is_for(type_):
    """The example of every type that is followed leads to commands, or to nothing."""
    assert isinstance(REACTIONS[type_](event(type_)), list)


def test_t7_and_t8_a_message_goes_on():
    """T-7, T-8: an erased one does not."""
    type_ = "rapport.support.MessageForwarded.v1"
    told = {"ticket_id": "T1", "to_ticket_id": "T1.next", "message": "hello?", "priority": "high"}
    happened = event(type_, **told)

    [instruct] = REACTIONS[type_](happened)
    command = ContinueTicket("T1.next", "T1", "Follow-up of T1", "hello?", "high", at=happened.occurred_at)
    assert (instruct.key, instruct.command) == ("T1.next", command)
    assert REACTIONS[type_](event(type_, **{**told, "message": None})) == []


def test_t9_the_survey_has_the_id_of_the_cycle():
    """T-9: so there is one per cycle."""
    [instruct] = REACTIONS["rapport.support.SurveyDue.v1"](
        event("rapport.support.SurveyDue.v1", ticket_id="T1", cycle=2, kind="nps")
    )
    assert isinstance(instruct.command, RequestSurvey)
    assert (instruct.key, instruct.command.kind) == ("T1.2", "nps")


def test_c6_promises_are_watched_and_ended():
    """C6: the promise is remembered with its event, delivery and cancellation end it."""
    promised = event("rapport.sales.DeliveryPromised.v1", order_id="1", promised_on="2026-05-05")

    [instruct] = REACTIONS["rapport.sales.DeliveryPromised.v1"](promised)
    assert instruct.command == WatchPromise("1", date(2026, 5, 5), promised.id)
    for name, because in (("OrderDelivered", "delivered"), ("OrderCancelled", "cancelled")):
        type_ = f"rapport.sales.{name}.v1"
        [ended] = REACTIONS[type_](event(type_, order_id="1"))
        assert ended.command == EndWatch("1", because)


def test_t10_the_case_names_promise_and_passing():
    """T-10: its id is made of both."""
    missed = event("rapport.support.PromiseMissed.v1", order_id="1", event_id="promise-1")

    [instruct] = REACTIONS["rapport.support.PromiseMissed.v1"](missed)
    evidence = ("promise-1", missed.id)
    assert instruct.command == RaiseCase(
        case_of("promise_missed", evidence), "promise_missed", 1, evidence, "1"
    )


def test_facts_of_an_order_are_kept_whatever_their_order():
    """Each is a document of its own, and travels with the reaction's commit."""
    store = MemoryStore("support")
    following = Following("support", {})
    for type_ in ("rapport.sales.OrderShipped.v1", "rapport.sales.OrderPlaced.v1"):
        [plan] = following([event(type_, order_id="1")], False)
        store.commit([Commit((), tuple(plan.writes))])

    assert set(order_facts(store, "1")) == {"placed", "shipped"}
    assert order_facts(store, "2") == {}


def test_c6_a_merge_makes_two_refs_one_person():
    """C6: an unmerge takes it back; who is not known is nobody's self."""
    store = MemoryStore("support")

    def told(name, **data):
        store.commit([Commit((), tuple(written(event(f"rapport.contacts.{name}.v1", **data))))])

    told("ContactIdentifierLinked", ref="c-mail", contact_id="c-2")
    told("ContactsMerged", absorbed_id="c-2", survivor_id="c-1")
    assert person(store, "c-mail") == "c-1"
    assert same_person(store, ["c-mail", "c-1"])
    told("ContactsUnmerged", absorbed_id="c-2", survivor_id="c-1")
    assert not same_person(store, ["c-mail", "c-1"])
    assert not same_person(store, [None, "c-1"])
