"""Custom fields as data: declared by a plan, checked, sealed where they are personal."""

from dataclasses import replace

import pytest

from services.contacts.domain.organization import ORGANIZATION
from services.contacts.domain.organization.events import OrganizationRegistered
from services.sales.channel import APPLY as SALES_APPLY
from services.sales.domain import DECIDERS as SALES
from services.sales.domain import LEAD, OPPORTUNITY, ORDER, PLAN
from services.sales.domain.lead import LeadCaptured
from services.sales.domain.opportunity import OpportunityOpened
from services.sales.domain.order import OrderPlaced
from services.support.channel import APPLY as SUPPORT_APPLY
from services.support.domain import DECIDERS as SUPPORT
from services.support.domain.ticket import TICKET, TicketOpened
from shared.contracts.derive import personal_fields
from shared.decide import Context, Elapsed, streams_of
from shared.errors import Invalid, NotFound
from shared.events.clock import rfc3339
from shared.plan import Custom, Declared, FieldChanged, FieldExpired, Rule, SetField
from shared.plan.messages import DeclareField, PublishPlan
from shared.plan.telling import Telling
from shared.privacy import MemoryKeyStore, Vault
from shared.receive.plan import Deciding
from shared.service.declaring import declaring
from shared.service.preparing import Preparing
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, heard, meta, moment
from shared.testing.given import given
from shared.values import Money
from shared.vocabulary import vocabulary

LINE = {"sku": "cup", "quantity": 1, "unit_price": "2.55"}
ORDERED = {"order_no": "7", "currency": "EUR", "lines": [LINE]}
SIZE, PET = Rule("number", personal=False), Rule("text")
RECORDS = [
    (LEAD, "lead", LeadCaptured("7", "fair", "event")),
    (OPPORTUNITY, "opportunity", OpportunityOpened("7", "b2b", "pitch", 30, "eva")),
    (ORDER, "order", OrderPlaced("7", "7", (), Money(0, "EUR"))),
    (TICKET, "ticket", TicketOpened("7", "7", "Where is it?", "reactive", "normal")),
    (ORGANIZATION, "organization", OrganizationRegistered("7", "Acme")),
]


@pytest.mark.parametrize(("decider", "entity", "begun"), RECORDS, ids=lambda known: str(known)[:12])
def test_a_record_takes_the_fields_its_plan_declares(decider, entity, begun) -> None:
    """Of every kind: undeclared and wrong ones are refused by name, none is told twice."""
    told = FieldChanged("7", entity, "employees", "120")
    known = given(decider, begun)
    state = known.when(SetField("7", "employees", "120", rule=SIZE)).then(told)
    assert state.custom.values == {"employees": "120"}
    given(decider, begun, told).when(SetField("7", "employees", "120", rule=SIZE)).then_nothing()
    cleared = FieldChanged("7", entity, "employees", "")
    assert (
        given(decider, begun, told).when(SetField("7", "employees", "", rule=SIZE)).then(cleared).custom
        == Custom()
    )
    known.when(SetField("7", "shoe", "38", WHEN)).then_raises(Invalid, "/field: is not declared")
    known.when(SetField("7", "employees", "many", rule=SIZE)).then_raises(Invalid, "/to: is not a number")
    given(decider).when(SetField("7", "employees", "1", rule=SIZE)).then_raises(NotFound)


@pytest.mark.parametrize(("decider", "entity", "begun"), RECORDS, ids=lambda known: str(known)[:12])
def test_a_field_is_removed_after_its_time(decider, entity, begun) -> None:
    """By the timer of the record; a value that was told since stays."""
    rule = replace(SIZE, retention_days=30)
    told = FieldChanged("7", entity, "employees", "120", keep_until=moment(30))
    state = given(decider, begun).when(SetField("7", "employees", "120", WHEN, rule)).then(told)
    assert decider.timers(state) == {"expiry of employees": moment(30)}
    due = Elapsed("expiry of employees", moment(30))
    assert (
        given(decider, begun, told).when(due).then(FieldExpired("7", entity, "employees")).custom == Custom()
    )
    again = FieldChanged("7", entity, "employees", "130", keep_until=moment(31))
    given(decider, begun, told, again).when(due).then_nothing()


def test_a_personal_field_is_sealed() -> None:
    """Its value is in the field that the catalogue marks as personal."""
    told = FieldChanged("7", "lead", "pet", None, "Rex")
    given(LEAD, RECORDS[0][2]).when(SetField("7", "pet", "Rex", rule=PET)).then(told)
    assert personal_fields(FieldChanged) == ("secret",)


def test_the_rule_comes_from_the_published_plan_of_the_kind_of_record() -> None:
    """A draft does not count yet, and another kind's plan never."""
    streams = streams_of(MemoryStore("sales"), (PLAN, vocabulary("sales")), Vault(MemoryKeyStore()))
    hooks = declaring(Preparing(), Declared(streams, "lead"))
    wanted = SetField("7", "employees", "120")
    declare = DeclareField("lead", "employees", "number", "sizing offers", 365, personal=False)
    streams["plan"].handle("lead", declare, Context(WHEN, meta(command_id="1")))
    assert hooks.complete(wanted).command.rule is None
    streams["plan"].handle("lead", PublishPlan("lead"), Context(WHEN, meta(command_id="2")))
    assert hooks.complete(wanted).command.rule == Rule("number", retention_days=365, personal=False)
    others = declaring(Preparing(), Declared(streams, "opportunity"))
    assert others.complete(wanted).command.rule is None


@pytest.mark.parametrize(
    ("deciders", "apply", "type_", "told"),
    [
        (SALES, SALES_APPLY, "channel.web.order_placed.v1", ORDERED),
        (SUPPORT, SUPPORT_APPLY, "channel.chat.ticket_opened.v1", {"ticket_no": "7", "subject": "Where?"}),
    ],
    ids=["order", "ticket"],
)
def test_channel_events_tell_fields_of_what_they_open(deciders, apply, type_, told) -> None:
    """They are kept as the plan says; one event that tells others is refused, with the name of each."""
    streams = streams_of(MemoryStore("any"), deciders, Vault(MemoryKeyStore()))
    entity = type_.split(".")[2].split("_")[0]
    declare = DeclareField(entity, "size", "number", "packing", 30, personal=False)
    for number, command in enumerate((declare, PublishPlan(entity))):
        streams["plan"].handle(entity, command, Context(WHEN, meta(command_id=str(number))))
    planner = Deciding("any", streams, apply, Telling(streams))
    kept = heard(type_, {**told, "fields": {"size": "12"}}, id="1")
    wrong = heard(type_, {**told, "fields": {"size": "big", "shoe": "38"}}, id="2")

    plan, refused = planner.plan([kept, wrong], fresh=False)
    changed = plan.appends[0].events[-1]
    assert (changed.type, changed.data["value"]) == ("FieldChanged", "12")
    assert changed.data["keep_until"] == rfc3339(moment(30))
    assert [error.pointer for error in refused.errors] == ["/data/fields/size", "/data/fields/shoe"]
