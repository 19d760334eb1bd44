"""Custom fields as data: declared by a plan, checked, sealed where they are personal."""

import pytest

from services.contacts.domain.organization import ORGANIZATION
from services.contacts.domain.organization.events import OrganizationRegistered
from services.sales.domain import LEAD, OPPORTUNITY, PLAN
from services.sales.domain.lead import LeadCaptured
from services.sales.domain.opportunity import OpportunityOpened
from shared.contracts.derive import personal_fields
from shared.decide import Context, streams_of
from shared.errors import Invalid, NotFound
from shared.plan import Declared, FieldChanged, Rule, SetField
from shared.plan.messages import DeclareField, PublishPlan
from shared.privacy import MemoryKeyStore, Vault
from shared.service.declaring import declaring
from shared.service.preparing import Preparing
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, meta
from shared.testing.given import given
from shared.vocabulary import vocabulary

SIZE, PET = Rule("number", personal=False), Rule("text")
RECORDS = [
    (LEAD, "lead", LeadCaptured("7", "fair", "event")),
    (OPPORTUNITY, "opportunity", OpportunityOpened("7", "b2b", "pitch", 30, "eva")),
    (ORGANIZATION, "organization", OrganizationRegistered("7", "Acme")),
]


@pytest.mark.parametrize(("decider", "entity", "begun"), RECORDS, ids=lambda known: str(known)[:12])
def test_a_record_takes_the_fields_its_plan_declares(decider, entity, begun) -> None:
    """Of every kind: undeclared and wrong ones are refused by name, none is told twice."""
    told = FieldChanged("7", entity, "employees", "120")
    known = given(decider, begun)
    state = known.when(SetField("7", "employees", "120", SIZE)).then(told)
    assert state.fields == {"employees": "120"}
    given(decider, begun, told).when(SetField("7", "employees", "120", SIZE)).then_nothing()
    cleared = FieldChanged("7", entity, "employees", "")
    assert given(decider, begun, told).when(SetField("7", "employees", "", SIZE)).then(cleared).fields == {}
    known.when(SetField("7", "shoe", "38")).then_raises(Invalid, "/field: is not declared")
    known.when(SetField("7", "employees", "many", SIZE)).then_raises(Invalid, "/to: is not a number")
    given(decider).when(SetField("7", "employees", "1", SIZE)).then_raises(NotFound)


def test_a_personal_field_is_sealed() -> None:
    """Its value is in the field that the catalogue marks as personal."""
    told = FieldChanged("7", "lead", "pet", None, "Rex")
    given(LEAD, RECORDS[0][2]).when(SetField("7", "pet", "Rex", PET)).then(told)
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
