"""What events mean to campaigns."""

from datetime import UTC, datetime

from services.campaigns.domain.enrolment import Enroll, NoteSignal
from services.campaigns.domain.mention import ReceiveMention
from services.campaigns.domain.message import QueueMessage, message_id
from services.campaigns.domain.offer import ReportRedemption, ReverseRedemption
from services.campaigns.domain.redemption import ClaimRedemption, ReleaseRedemption
from services.campaigns.reactions import REACTIONS
from shared.events import Event, Meta
from shared.values import Money

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)


def commands(service, type_, who="c-1", **data):
    """Return what an event leads to."""
    meta = Meta("c", "corr", customer=who)
    event = Event("e-1", service, "s", 1, 1, 0, 0, type_, 1, data, AT, AT, meta)
    return [i.command for i in REACTIONS[event.full_type](event)]


def test_a_step_that_sends_queues_its_message():
    """M-1: the send key is campaign, journey and step, contact, cycle."""
    said = {
        "enrolment_id": "w.c-1",
        "journey_id": "w",
        "contact_id": "c-1",
        "campaign_id": "spring",
        "cycle": 2,
        "purpose": "marketing",
        "step": "hello",
        "template_id": "t",
    }
    key = message_id("spring", "w:hello", "c-1", 2)

    assert commands("campaigns", "StepReached", kind="send", **said) == [
        QueueMessage(key, "spring", "c-1", "w:hello", 2, "t", "marketing", "email", "w.c-1")
    ]
    assert not commands("campaigns", "StepReached", kind="wait", **said)


def test_m5_only_people_give_signals():
    """M-5: a machine's click advances no journey."""
    assert commands("campaigns", "LinkClicked", enrolment_id="w.c-1", automated=False) == [
        NoteSignal("w.c-1", "clicked")
    ]
    assert not commands("campaigns", "LinkClicked", enrolment_id="w.c-1", automated=True)
    assert not commands("campaigns", "LinkClicked", automated=False)


def test_a_mention_is_to_be_seen_to():
    """C6: what the social channel reports is a mention here, under the id of its interaction."""
    said = {"interaction_id": "i-1", "place": "mastodon", "outcome": "angry"}

    assert commands("contacts", "InteractionRecorded", kind="mention", **said) == [
        ReceiveMention("i-1", "mastodon", "angry", "c-1")
    ]
    assert not commands("contacts", "InteractionRecorded", kind="call", **said)


def test_sales_tell_recycled_leads_and_orders():
    """C6: nurture, redeem, reverse."""
    total = {"amount": 1_000, "currency": "GBP"}

    assert commands("sales", "LeadRecycled") == [Enroll("nurture.c-1", "nurture", "c-1", AT)]
    assert not commands("sales", "LeadRecycled", who=None)
    assert commands("analytics", "ChurnRiskRaised", customer="c-1") == [
        Enroll("win-back.c-1", "win-back", "c-1", AT)
    ]
    assert commands("sales", "OrderPlaced", order_id="1", offer_code="SPRING10.A", total=total) == [
        ClaimRedemption("1", "SPRING10.A"),
        ReportRedemption("SPRING10", "SPRING10.A", "1", "c-1", AT, Money(1_000, "GBP")),
    ]
    assert not commands("sales", "OrderPlaced", order_id="1", total=total)
    assert commands("sales", "OrderCancelled", order_id="1") == [ReleaseRedemption("1")]
    assert commands("campaigns", "RedemptionReleased", order_id="1", offer_id="SPRING10") == [
        ReverseRedemption("SPRING10", "1")
    ]
