"""Leads: captured, worked on, qualified, converted once; and what forms lead to."""

from datetime import date
from unittest.mock import ANY

import pytest

from services.sales.converting import Conversion, Converting
from services.sales.domain import DECIDERS
from services.sales.domain.lead import (
    LEAD,
    AssignLead,
    CaptureLead,
    ConvertLead,
    DisqualifyLead,
    LeadAssigned,
    LeadCaptured,
    LeadContactAttempted,
    LeadConverted,
    LeadDisqualified,
    LeadMarkedDuplicate,
    LeadQualified,
    LeadRecycled,
    LeadScored,
    MarkDuplicate,
    QualifyLead,
    RecordAttempt,
    RecycleLead,
    ScoreLead,
)
from services.sales.domain.order import Line, PlaceOrder
from services.sales.reactions import REACTIONS, form_submitted
from shared.decide import Context, streams_of
from shared.errors import Conflict, Invalid, NotFound
from shared.privacy import MemoryKeyStore, Vault
from shared.receive.together import together
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, meta, moment
from shared.testing.given import given
from tests.company import Company

CAPTURED = LeadCaptured("L1", "fair", "event", "term deposit", "c-1")
QUALIFIED = LeadQualified("L1", ("budget", "need"))
CONVERTED = LeadConverted("L1", "7", "c-1")


def test_a_lead_is_captured_once():
    """The same again is no news; another under the same id is refused."""
    capture = CaptureLead("L1", "fair", "event", "term deposit", customer="c-1")
    given(LEAD).when(capture).then(CAPTURED)
    given(LEAD, CAPTURED).when(capture).then_nothing()
    given(LEAD, CAPTURED).when(CaptureLead("L1", "web")).then_raises(Conflict, "other content")


def test_the_response_time_counts_from_the_hand_over():
    """Handed over now or when told; giving it to the same person again does not move the beginning."""
    assigned = LeadAssigned("L1", "eva", WHEN)
    given(LEAD, CAPTURED).when(AssignLead("L1", "eva", WHEN)).then(assigned)
    given(LEAD, CAPTURED).when(AssignLead("L1", "eva", moment(1), WHEN)).then(assigned)
    given(LEAD, CAPTURED, assigned).when(AssignLead("L1", "eva", moment(1))).then_nothing()
    given(LEAD, CAPTURED, assigned).when(AssignLead("L1", "tom", moment(1))).then(
        LeadAssigned("L1", "tom", moment(1))
    )


def test_an_attempt_makes_a_new_lead_one_that_is_worked_on():
    """Every attempt is a fact; a recycled lead is worked on again."""
    attempted = LeadContactAttempted("L1", "voicemail")
    for past in ([CAPTURED], [CAPTURED, attempted], [CAPTURED, LeadRecycled("L1", date(2026, 9, 1))]):
        state = given(LEAD, *past).when(RecordAttempt("L1", "voicemail")).then(attempted)
        assert state.status == "working"


def test_a_score_carries_its_reasons_and_model_version():
    """A score without a reason does not pass the contract; the score in force is no news."""
    scored = LeadScored("L1", 80, "points-1", ("visited the price list",))
    score = ScoreLead("L1", 80, "points-1", ("visited the price list",))
    given(LEAD, CAPTURED).when(score).then(scored)
    given(LEAD, CAPTURED, scored).when(score).then_nothing()


def test_a_lead_is_qualified_disqualified_and_recycled():
    """Given up for a reason of the vocabulary; also such a lead may be nurtured."""
    lost, back = LeadDisqualified("L1", "budget"), LeadRecycled("L1", date(2026, 9, 1))
    given(LEAD, CAPTURED).when(QualifyLead("L1", ("budget", "need"))).then(QUALIFIED)
    given(LEAD, CAPTURED).when(DisqualifyLead("L1", "budget")).then(lost)
    given(LEAD, CAPTURED).when(DisqualifyLead("L1", "x", ("budget",))).then_raises(Invalid, "/reason_code")
    given(LEAD, CAPTURED, lost).when(QualifyLead("L1", ("need",))).then_raises(Conflict, "disqualified")
    given(LEAD, CAPTURED, lost).when(RecycleLead("L1", date(2026, 9, 1))).then(back)


def test_s1_a_lead_converts_once():
    """S-1: only a qualified one, the same again is no news, another opportunity is refused."""
    convert = ConvertLead("L1", "7", "c-1")
    given(LEAD, CAPTURED, QUALIFIED).when(convert).then(CONVERTED)
    given(LEAD, CAPTURED, QUALIFIED, CONVERTED).when(convert).then_nothing()
    given(LEAD, CAPTURED, QUALIFIED, CONVERTED).when(ConvertLead("L1", "8")).then_raises(Conflict)
    given(LEAD, CAPTURED).when(convert).then_raises(Conflict, "is new")


@pytest.mark.parametrize(("of", "status"), [("L1", "new"), ("L2", "unknown"), ("L2", "duplicate")])
def test_a_duplicate_points_at_another_lead(of, status):
    """Known, and no duplicate itself: chains and circles do not arise."""
    given(LEAD, CAPTURED).when(MarkDuplicate("L1", of, status)).then_raises(Invalid, "/duplicate_of")
    marked = LeadMarkedDuplicate("L1", "L2")
    given(LEAD, CAPTURED).when(MarkDuplicate("L1", "L2", "new")).then(marked)
    given(LEAD, CAPTURED, marked).when(RecordAttempt("L1", "called")).then_raises(Conflict, "duplicate")


def test_an_unknown_lead_is_not_found():
    """Only capturing begins a lead."""
    given(LEAD).when(RecordAttempt("L1", "called")).then_raises(NotFound)


class Office:
    """Sales without broker and database."""

    def __init__(self, *past):
        self.store = MemoryStore("sales")
        self.streams = streams_of(self.store, DECIDERS, Vault(MemoryKeyStore()))
        for number, command in enumerate(past):
            self.streams["lead"].handle("L1", command, self.context(f"past-{number}", "c-1"))

    def context(self, command_id, customer=None):
        """Return a context of its own command."""
        return Context(WHEN, meta(command_id=command_id, customer=customer))

    def convert(self, command_id, **wish):
        """Convert lead 1."""
        converting = Converting(self.store, self.streams)
        return converting.convert("L1", Conversion(**wish), self.context(command_id))


def test_s1_a_repeated_conversion_gives_the_same_opportunity():
    """S-1: lead and opportunity change in one transaction, both belong to the contact of the lead."""
    office = Office(CaptureLead("L1", "fair", interest="term deposit"), QualifyLead("L1", ("need",)))
    first, done = office.convert("1", owner="eva")
    second, again = office.convert("2", opportunity_id="another", owner="tom")

    assert (first, second) == ("L1", "L1")
    assert [e.type for e in done.events] == ["LeadConverted", "OpportunityOpened"]
    assert done.events[1].data["lead_id"] == "L1"
    assert {e.meta.customer for e in done.events} == {"c-1"}
    assert not again.events


def test_s1_a_refused_conversion_leaves_nothing():
    """S-1: neither the lead nor an opportunity changes when one of them refuses."""
    office = Office(CaptureLead("L1", "fair"))
    with pytest.raises(Conflict, match="is new"):
        office.convert("1")
    assert [e.type for e in office.store.events] == ["LeadCaptured"]


def test_a_form_with_an_interest_becomes_a_lead():
    """C6: of the person who sent it, once per submission; a form without interest is none."""
    form = Company().write(
        "campaigns", "FormSubmitted", "form-1", "c-1", form_id="f", interest="loan", campaign_ref="spring"
    )
    office = Office()
    [instruct] = form_submitted(form)
    for _ in range(2):
        together(office.store, office.streams, office.context("form", "c-1"), [instruct])

    [lead] = office.store.events
    known = {"source": "form", "channel": "web", "contact_id": "c-1"}
    assert lead.data["interest"].startswith("sealed:c-1:")
    assert lead.data == {"lead_id": instruct.key, "campaign_id": "spring", "interest": ANY, **known}
    plain = Company().write("campaigns", "FormSubmitted", "form-1", "c-1", form_id="f")
    assert form_submitted(plain) == []


@pytest.mark.parametrize(
    ("happened", "outcome", "said"),
    [("OfferRedeemed", "accepted", {}), ("RedemptionRefused", "refused", {"reason": "used up"})],
)
def test_s11_campaigns_settle_the_code_of_an_order(happened, outcome, said):
    """S-11: what campaigns found about the code is recorded in the order it was used for."""
    office = Office()
    order = PlaceOrder("1", "GBP", (Line("cup", 1, "2"),), offer_code="SPRING")
    office.streams["order"].handle("1", order, office.context("order"))
    event = Company().write("campaigns", happened, "offer-SPRING", "c-1", order_id="1", **said)
    instructions = REACTIONS[f"rapport.campaigns.{happened}.v1"](event)
    [settled] = together(office.store, office.streams, office.context("react"), instructions).events

    assert settled.data == {"order_id": "1", "offer_code": "SPRING", "outcome": outcome} | said
