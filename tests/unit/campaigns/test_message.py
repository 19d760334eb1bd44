"""Messages: queued, suppressed, sent once, and what people and machines do with them."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from services.campaigns.domain.message import (
    MESSAGE,
    ComplaintReceived,
    EngagementReclassified,
    LinkClicked,
    MarkBounced,
    MarkDelivered,
    MarkSent,
    MarkUnknown,
    MessageBounced,
    MessageDelivered,
    MessageOpened,
    MessageOutcomeUnknown,
    MessageQueued,
    MessageReplied,
    MessageRequeued,
    MessageSent,
    MessageSuppressed,
    QueueMessage,
    ReclassifyEngagement,
    RecordClick,
    RecordComplaint,
    RecordOpen,
    RecordReply,
    RequestUnsubscribe,
    SettleMessage,
    SuppressMessage,
    UnsubscribeRequested,
    message_id,
)
from shared.errors import Conflict, NotFound
from shared.testing.controls import moment
from shared.testing.given import Given, given

QUEUE = QueueMessage("m", "spring", "c-1", "launch", 1, "hello")
QUEUED = MessageQueued(
    "m", "spring", "c-1", "launch", 1, "spring/launch/c-1/1", "hello", "marketing", "email"
)
SEND = MarkSent("m", 1, "m.1", moment(), "consent-7", 3)
SENT = MessageSent("m", "spring", "m.1", 1, moment(), "consent-7", 3)
UNKNOWN = MessageOutcomeUnknown("m", "spring", "killed")
BROWSER = "Mozilla/5.0"


def test_m1_a_message_is_queued_and_sent_once():
    """M-1: the same send key is the same message, and a second worker's MarkSent is no news."""
    assert message_id("spring", "launch", "c-1", 1) == message_id("spring", "launch", "c-1", 1)
    assert message_id("spring", "launch", "c-1", 1) != message_id("spring", "launch", "c-1", 2)
    given(MESSAGE).when(QUEUE).then(QUEUED)
    given(MESSAGE, QUEUED).when(QUEUE).then_nothing()
    given(MESSAGE, QUEUED).when(SEND).then(SENT)
    given(MESSAGE, QUEUED, SENT).when(SEND).then_nothing()


def test_m1_an_unknown_outcome_is_parked_and_asked_for():
    """M-1: nobody sends it again until somebody has said that it did not arrive."""
    parked = given(MESSAGE, QUEUED, UNKNOWN)
    requeued = MessageRequeued("m", "spring", 2)

    given(MESSAGE, QUEUED).when(MarkUnknown("m", 1, "killed")).then(UNKNOWN)
    parked.when(SettleMessage("m", True, moment())).then(MessageSent("m", "spring", "m.1", 1, moment()))
    parked.when(SettleMessage("m", False, moment())).then(requeued)
    parked.when(SEND).then(SENT)
    given(MESSAGE, QUEUED, UNKNOWN, requeued).when(SEND).then_raises(Conflict, "attempt 1")
    given(MESSAGE, QUEUED, SENT).when(MarkUnknown("m", 1, "late")).then_nothing()
    given(MESSAGE, QUEUED).when(SettleMessage("m", True, moment())).then_raises(Conflict, "queued")


@for_all(
    any_.lists(
        any_.sampled_from(
            [
                QUEUE,
                SEND,
                MarkUnknown("m", 1, "x"),
                SettleMessage("m", True, moment()),
                SettleMessage("m", False, moment()),
                SuppressMessage("m", "consent"),
                MarkSent("m", 2, "m.2", moment()),
            ]
        ),
        max_size=12,
    )
)
def test_m1_no_story_sends_twice(story):
    """M-1: whatever workers try in whatever order, at most one MessageSent comes of it."""
    state, sent = MESSAGE.initial, 0
    for command in story:
        outcome = Given(MESSAGE).do(state, command)
        sent += sum(isinstance(e, MessageSent) for e in outcome.events)
        state = outcome.after()

    assert sent <= 1


def test_m3_the_control_group_is_never_sent_to():
    """M-3: a member's message is suppressed as it is queued, and can not be sent."""
    held = MessageSuppressed("m", "spring", "control")
    command = QueueMessage("m", "spring", "c-1", "launch", 1, "hello", control=True)

    given(MESSAGE).when(command).then(QUEUED, held)
    given(MESSAGE, QUEUED, held).when(SEND).then_raises(Conflict, "suppressed")


def test_a_suppressed_message_stays_suppressed():
    """Suppressing is final and told once."""
    held = MessageSuppressed("m", "spring", "consent")

    given(MESSAGE, QUEUED).when(SuppressMessage("m", "consent")).then(held)
    given(MESSAGE, QUEUED, held).when(SuppressMessage("m", "cap")).then_nothing()
    given(MESSAGE, QUEUED, SENT).when(SuppressMessage("m", "cap")).then_raises(Conflict, "sent")


def test_delivery_and_bounce():
    """A message reaches the mailbox or comes back, which may be known before it was taken."""
    bounced = MessageBounced("m", "spring", "c-1", "hard", "550 no such user")

    given(MESSAGE, QUEUED, SENT).when(MarkDelivered("m")).then(MessageDelivered("m", "spring"))
    given(MESSAGE, QUEUED, SENT).when(MarkBounced("m", "hard", "550 no such user")).then(bounced)
    given(MESSAGE, QUEUED).when(MarkBounced("m", "hard", "550 no such user")).then(bounced)
    given(MESSAGE, QUEUED, bounced).when(MarkBounced("m", "soft")).then_nothing()
    given(MESSAGE).when(MarkDelivered("m")).then_raises(NotFound, "not known")


@pytest.mark.parametrize(
    ("agent", "hours", "flag"),
    [(BROWSER, 1, False), ("Googlebot/2.1", 1, True), ("", 1, True), (BROWSER, 0, True)],
)
def test_m5_automated_opens_and_clicks_are_kept_and_flagged(agent, hours, flag):
    """M-5: robots, nameless programs and what comes within seconds are flagged, with the evidence."""
    sent = given(MESSAGE, QUEUED, SENT)

    opened = sent.do(sent.state(), RecordOpen("m", moment(hours=hours), agent))
    clicked = sent.do(sent.state(), RecordClick("m", moment(hours=hours), "https://x.example", agent))

    assert [(type(e), e.automated) for e in (*opened.events, *clicked.events)] == [
        (MessageOpened, flag),
        (LinkClicked, flag),
    ]
    assert opened.events[0].evidence
    assert opened.after().engaged is not flag


def test_m5_reclassification_is_an_event():
    """M-5: a better rule changes the flag by an event; the same judgement is no news."""
    opened = MessageOpened("m", "spring", "open-1", False, "a browser, after a while", 1)
    again = EngagementReclassified("m", "spring", ("open-1",), True, 2)

    state = (
        given(MESSAGE, QUEUED, SENT, opened).when(ReclassifyEngagement("m", ("open-1",), True, 2)).then(again)
    )
    assert not state.engaged
    given(MESSAGE, QUEUED, SENT, opened).when(ReclassifyEngagement("m", ("open-1",), False, 2)).then_nothing()
    given(MESSAGE, QUEUED, SENT).when(ReclassifyEngagement("m", ("open-9",), True, 2)).then_raises(
        NotFound, "open-9"
    )


def test_m6_unsubscribing_counts_once_and_not_when_already_suppressed():
    """M-6: the request carries whether the person was suppressed before."""
    asked = UnsubscribeRequested(
        "m", "spring", "c-1", "purpose", "one_click", "marketing", "email", already_suppressed=True
    )
    command = RequestUnsubscribe("m", method="one_click", already_suppressed=True)

    given(MESSAGE, QUEUED, SENT).when(command).then(asked)
    given(MESSAGE, QUEUED, SENT, asked).when(command).then_nothing()
    given(MESSAGE, QUEUED).when(command).then(asked)
    held = MessageSuppressed("m", "spring", "cap")
    given(MESSAGE, QUEUED, held).when(command).then_raises(Conflict, "nobody has it")


def test_replies_and_complaints_are_told_once():
    """Both are facts about a message that was sent."""
    replied, angry = (
        MessageReplied("m", "spring"),
        ComplaintReceived("m", "spring", "c-1", "marketing", "email"),
    )

    given(MESSAGE, QUEUED, SENT).when(RecordReply("m")).then(replied)
    given(MESSAGE, QUEUED, SENT, replied).when(RecordReply("m")).then_nothing()
    given(MESSAGE, QUEUED, SENT).when(RecordComplaint("m")).then(angry)
    given(MESSAGE, QUEUED, SENT, angry).when(RecordComplaint("m")).then_nothing()
