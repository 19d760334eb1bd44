"""Messages that wait: through quiet hours, and while the server refuses them for now."""

import smtplib

import pytest

from services.campaigns.domain.message import (
    MESSAGE,
    DeferMessage,
    MarkRefused,
    MessageBounced,
    MessageDeferred,
    MessageOutcomeUnknown,
    MessageQueued,
    MessageRequeued,
    MessageSent,
    MessageSuppressed,
    RetryMessage,
    SuppressMessage,
)
from services.campaigns.domain.message.deferring import ATTEMPTS
from shared.consume.effects import Unsent
from shared.decide import Elapsed
from shared.errors import Conflict
from shared.mail.smtp import Refused, deliver
from shared.testing.controls import moment
from shared.testing.given import given
from tests.unit.campaigns.test_message import QUEUED, SEND, SENT

QUIET = MessageDeferred("m", "spring", "quiet_hours", moment(1), 1)
GREY = MessageDeferred("m", "spring", "refused", moment(hours=1 / 12), 2, "451 later", moment())


def test_a_message_waits_through_quiet_hours_and_takes_its_turn():
    """The attempt is still its first: it was not tried."""
    again = MessageRequeued("m", "spring", 1)

    given(MESSAGE, QUEUED).when(DeferMessage("m", "quiet_hours", moment(1))).then(QUIET)
    assert MESSAGE.timers(given(MESSAGE, QUEUED, QUIET).state()) == {"requeue": moment(1)}
    given(MESSAGE, QUEUED, QUIET).when(Elapsed("requeue", moment(1))).then(again)
    given(MESSAGE, QUEUED, QUIET, again).when(SEND).then(SENT)
    given(MESSAGE, QUEUED, SENT).when(DeferMessage("m", "quiet_hours", moment(1))).then_nothing()
    suppressed = MessageSuppressed("m", "spring", "consent")
    gone = given(MESSAGE, QUEUED, QUIET).when(SuppressMessage("m", "consent")).then(suppressed)
    assert MESSAGE.timers(gone) == {}


def test_a_message_that_waits_tells_why_in_lists():
    """Reason, moment and the server's words."""
    line = MESSAGE.summary(given(MESSAGE, QUEUED, GREY).state())

    told = {name: line[name] for name in ("status", "pile", "reason", "until", "detail")}
    waits = {"reason": "refused", "until": moment(hours=1 / 12), "detail": "451 later"}
    assert told == {"status": "deferred", "pile": "spring:deferred", **waits}


def test_m1_only_what_was_certainly_refused_is_tried_again():
    """M-1: as another attempt; one in doubt stays parked, one that is over is no news."""
    refused = MarkRefused("m", 1, moment(), "451 later")
    again = MessageRequeued("m", "spring", 2)

    given(MESSAGE, QUEUED).when(refused).then(GREY)
    given(MESSAGE, QUEUED, GREY).when(refused).then_nothing()
    given(MESSAGE, QUEUED, GREY).when(RetryMessage("m")).then(again)
    given(MESSAGE, QUEUED, GREY, again).when(refused).then_nothing()
    given(MESSAGE, QUEUED, GREY, again).when(SEND).then_raises(Conflict, "attempt 1 ")
    unknown = MessageOutcomeUnknown("m", "spring", "killed")
    given(MESSAGE, QUEUED, unknown).when(refused).then_nothing()
    given(MESSAGE, QUEUED, unknown).when(RetryMessage("m")).then_nothing()


def test_pauses_double_and_the_last_refusal_is_a_soft_bounce():
    """5, 10, 20 ... minutes, at most twelve hours; after 12 attempts or 72 hours it is given up."""
    state, at, pauses = given(MESSAGE, QUEUED).state(), moment(), []
    while True:
        (event,) = MESSAGE.decide(state, MarkRefused("m", state.attempt, at, "451 later"))
        if isinstance(event, MessageBounced):
            break
        pauses.append((event.until - at).total_seconds() / 60)
        state = MESSAGE.evolve(MESSAGE.evolve(state, event), MessageRequeued("m", "spring", event.attempt))
        at = event.until

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 720, 720, 720]
    assert (state.attempt, event.hardness, event.detail) == (ATTEMPTS, "soft", "451 later")
    late = MarkRefused("m", 2, moment(3), "451 later")
    again = MessageRequeued("m", "spring", 2)
    bounced = MessageBounced("m", "spring", "c-1", "soft", "451 later")
    given(MESSAGE, QUEUED, GREY, again).when(late).then(bounced)


class Server:
    """Answers as told; an exception stands for a connection that breaks."""

    def __init__(self, **answers):
        self.answers, self.resets = answers, 0

    def _answer(self, verb):
        answer = self.answers.get(verb, (250, b"OK"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def mail(self, _):
        """MAIL FROM."""
        return self._answer("mail")

    def rcpt(self, _):
        """RCPT TO."""
        return self._answer("rcpt")

    def data(self, _):
        """DATA and the message."""
        return self._answer("data")

    def rset(self):
        """RSET."""
        self.resets += 1
        return self._answer("rset")


HUNG_UP = smtplib.SMTPServerDisconnected("gone")


@pytest.mark.parametrize(
    ("answers", "error", "hard"),
    [
        ({"rcpt": (451, b"greylisted")}, Refused, False),
        ({"rcpt": (550, b"no such user")}, Refused, True),
        ({"mail": (421, b"going down"), "rset": HUNG_UP}, Refused, False),
        ({"data": (452, b"full")}, Refused, False),
        ({"data": smtplib.SMTPDataError(450, b"not now")}, Refused, False),
        ({"data": smtplib.SMTPDataError(554, b"never")}, Refused, True),
        ({"mail": HUNG_UP}, Unsent, None),
        ({"rcpt": HUNG_UP}, Unsent, None),
        ({"data": HUNG_UP}, smtplib.SMTPServerDisconnected, None),
    ],
)
def test_m1_what_is_certain_is_told_from_what_is_in_doubt(answers, error, hard):
    """M-1: refused is certain, a connection that breaks before the message too; afterwards there is doubt."""
    from email.message import EmailMessage

    with pytest.raises(error) as told:
        deliver(Server(**answers), EmailMessage(), "shop@example.com", "ada@example.com")

    assert getattr(told.value, "hard", None) is hard


def test_a_message_that_was_sent_waits_for_nothing():
    """Whatever it waited for before."""
    sent = MessageSent("m", "spring", "m.2", 2, moment())
    state = given(MESSAGE, QUEUED, GREY, MessageRequeued("m", "spring", 2), sent).state()

    assert MESSAGE.timers(state) == {}
    assert isinstance(state.queued, MessageQueued)
