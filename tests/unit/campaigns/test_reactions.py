"""What events mean to campaigns."""

from datetime import UTC, datetime

from services.campaigns.domain.enrolment import Enroll, ExitEnrollment, NoteSignal
from services.campaigns.domain.mention import ReceiveMention
from services.campaigns.domain.message import QueueMessage, message_id
from services.campaigns.domain.offer import ReportRedemption, ReverseRedemption
from services.campaigns.domain.recipient import (
    BlockRecipient,
    EraseRecipient,
    ForgetAddress,
    LearnAddress,
    LearnName,
    MergeRecipient,
    NoteConsent,
    NoteEnrolment,
)
from services.campaigns.domain.redemption import ClaimRedemption, ReleaseRedemption
from services.campaigns.reactions import REACTIONS
from shared.events import Event, Meta
from shared.values import Money

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
TEXT = "2026-05-01T10:00:00.000Z"


def commands(service, type_, customer="c-1", **data):
    """Return what an event leads to."""
    meta = Meta("c", "corr", customer=customer)
    event = Event("e-1", service, "s", 1, 1, 0, 0, type_, 1, data, AT, AT, meta)
    return [i.command for i in REACTIONS[event.full_type](event)]


def test_contacts_tell_addresses_and_names():
    """Only e-mail addresses and names are learned, and nothing of the erased."""
    linked = {"contact_id": "c-1", "ref": "c-e", "value": "a@b.c"}

    assert commands("contacts", "ContactIdentifierLinked", kind="email", **linked) == [
        LearnAddress("c-1", "c-e", "a@b.c")
    ]
    assert not commands("contacts", "ContactIdentifierLinked", kind="phone", **linked)
    assert not commands("contacts", "ContactIdentifierLinked", kind="email", **linked | {"value": None})
    point = {"contact_id": "c-1", "point_id": "p", "kind": "email"}
    assert commands("contacts", "ContactPointAdded", value="a@b.c", **point) == [
        LearnAddress("c-1", "p", "a@b.c")
    ]
    assert commands("contacts", "ContactPointRemoved", **point) == [ForgetAddress("c-1", "p")]
    named = {"contact_id": "c-1", "to": "Ada"}
    assert commands("contacts", "ProfileAttributeChanged", field="name", **named) == [
        LearnName("c-1", "name", "Ada")
    ]
    assert not commands("contacts", "ProfileAttributeChanged", field="country", **named)


def test_contacts_tell_consents_merges_and_erasures():
    """The consent event's own id is the proof that is kept (M-2)."""
    said = {"contact_id": "c-1", "purpose": "marketing", "channel": "email", "recorded_at": TEXT}

    assert commands("contacts", "ConsentGranted", given_at=TEXT, **said) == [
        NoteConsent("c-1", "marketing", "email", True, "e-1", AT, AT)
    ]
    assert commands("contacts", "ConsentWithdrawn", withdrawn_at=TEXT, **said) == [
        NoteConsent("c-1", "marketing", "email", False, "e-1", AT, AT)
    ]
    assert commands("contacts", "ContactsUnmerged", survivor_id="c-1", absorbed_id="c-2") == [
        MergeRecipient("c-1", "c-2", absorbed=False, undone=True),
        MergeRecipient("c-2", "c-1", absorbed=True, undone=True),
    ]
    assert commands("contacts", "ContactErased", contact_id="c-1", aliases=["c-1", "c-2"]) == [
        EraseRecipient("c-1"),
        EraseRecipient("c-2"),
    ]


def test_bounces_complaints_and_unsubscriptions_hold_at_once():
    """A hard bounce or a complaint blocks; unsubscribing is a withdrawal, proved by the request."""
    assert commands("campaigns", "MessageBounced", contact_id="c-1", hardness="hard") == [
        BlockRecipient("c-1", "bounced")
    ]
    assert not commands("campaigns", "MessageBounced", contact_id="c-1", hardness="soft")
    assert commands("campaigns", "ComplaintReceived", contact_id="c-1") == [
        BlockRecipient("c-1", "complaint")
    ]
    said = {"contact_id": "c-1", "purpose": "marketing", "channel": "email"}
    assert commands("campaigns", "UnsubscribeRequested", scope="all", **said) == [
        NoteConsent("c-1", "all", "all", False, "e-1", AT, AT)
    ]


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


def test_a_withdrawal_or_an_erasure_ends_journeys():
    """C6: every journey the person entered is told."""
    assert commands("campaigns", "ContactEnrolled", contact_id="c-1", enrolment_id="w.c-1") == [
        NoteEnrolment("c-1", "w.c-1")
    ]
    said = {"purpose": "marketing", "enrolments": ["w.c-1"]}
    assert commands("campaigns", "RecipientConsentNoted", granted=False, **said) == [
        ExitEnrollment("w.c-1", "consent", "marketing")
    ]
    assert not commands("campaigns", "RecipientConsentNoted", granted=True, **said)
    assert commands("campaigns", "RecipientErased", enrolments=["w.c-1"]) == [
        ExitEnrollment("w.c-1", "erased")
    ]


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
    assert not commands("sales", "LeadRecycled", customer=None)
    assert commands("sales", "OrderPlaced", order_id="1", offer_code="SPRING10.A", total=total) == [
        ClaimRedemption("1", "SPRING10.A"),
        ReportRedemption("SPRING10", "SPRING10.A", "1", "c-1", AT, Money(1_000, "GBP")),
    ]
    assert not commands("sales", "OrderPlaced", order_id="1", total=total)
    assert commands("sales", "OrderCancelled", order_id="1") == [ReleaseRedemption("1")]
    assert commands("campaigns", "RedemptionReleased", order_id="1", offer_id="SPRING10") == [
        ReverseRedemption("SPRING10", "1")
    ]
