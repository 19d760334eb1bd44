"""Letters leave once: claimed, handed over, recorded."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from services.support.domain.survey import (
    SURVEY,
    RequestSurvey,
    SurveyOutcomeUnknown,
    SurveyRequested,
    SurveySent,
)
from services.support.domain.survey.events import SurveyUndelivered
from services.support.mailing.surveys import recorded
from shared.consume.effects import Unsent
from shared.decide import streams_of
from shared.mail.claims import claim
from shared.mail.deciding import Batch, Task
from shared.mail.post import Letter, Post
from shared.privacy import MemoryKeyStore, Vault
from shared.receive import Instruct
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, moment

QUARTER = WHEN + timedelta(minutes=15)


class Server:
    """Speaks as a mail server does: `answers` by recipient, in doubt when the answer is an error."""

    def __init__(self, answers):
        self.answers, self.taken = answers, []

    @contextmanager
    def conversation(self):
        """Give itself, if somebody is there."""
        if self.answers is None:
            raise Unsent("the mail server does not answer")
        yield self

    def mail(self, _):
        """Take the sender."""
        return 250, b"ok"

    def rcpt(self, address):
        """Take or refuse a recipient."""
        self.to = address
        return self.answers.get(address, 250), b"said"

    def rset(self):
        """Begin anew."""

    def data(self, message):
        """Take the message, or break down with it."""
        if self.to.startswith("broken@"):
            raise OSError("gone")
        self.taken.append((self.to, message))
        return 250, b"ok"


@pytest.fixture
def office():
    """Return a log with three surveys that wait, and what carries their letters."""
    store = MemoryStore("support")
    streams = streams_of(store, [SURVEY], Vault(MemoryKeyStore()))
    batch = Batch("support", store, streams)
    asked = [SurveyRequested(f"T{n}.1", f"T{n}", 1, "csat", moment(days=14)) for n in (1, 2, 3)]
    for one in asked:
        command = RequestSurvey(one.survey_id, one.ticket_id, 1, "csat", one.answer_by)
        batch.do([Task(one.survey_id, Instruct("survey", one.survey_id, command), None)], WHEN)
    return store, streams["survey"], batch


def letter(n, address):
    """Return the letter of a survey."""
    return Letter(f"letter-{n}", "us@example.com", address, "Hi", "Well?", None, (f"T{n}.1", 1))


def after(surveys, n):
    """Return the last event of a survey."""
    return surveys.decider.revive(surveys.store.read_stream(f"survey-T{n}.1")[-1])


def test_a_letter_leaves_once_and_what_came_of_it_is_recorded(office):
    """Taken, refused for good, refused for now, in doubt: each said of the one it happened to."""
    store, surveys, batch = office
    server = Server({"nobody@example.com": 550, "later@example.com": 451})
    post = Post(store, server, batch, recorded, lambda: WHEN)
    letters = [letter(1, "ada@example.com"), letter(2, "nobody@example.com"), letter(3, "broken@example.com")]

    post.carry(letters)
    assert after(surveys, 1) == SurveySent("T1.1", "email", "letter-1")
    assert after(surveys, 2) == SurveyUndelivered("T2.1", "refused", 1, "550 said")
    assert isinstance(after(surveys, 3), SurveyOutcomeUnknown)
    post.carry(letters)
    assert [to for to, _ in server.taken] == ["ada@example.com"]
    assert b"Auto-Submitted: auto-generated" in server.taken[0][1]


def test_an_address_beyond_ascii_holds_up_no_other(office):
    """A domain is called by its name in ASCII; what has none is refused, and the next letter is sent."""
    store, surveys, batch = office
    server = Server({})
    letters = [letter(1, "ada@exämple.com"), letter(2, "zoë@example.com"), letter(3, "bob@example.com")]

    Post(store, server, batch, recorded, lambda: WHEN).carry(letters)
    assert [to for to, _ in server.taken] == ["ada@xn--exmple-cua.com", "bob@example.com"]
    assert isinstance(after(surveys, 2), SurveyUndelivered)
    assert after(surveys, 2).reason == "refused"


def test_a_letter_claimed_by_a_process_that_died_is_in_doubt(office):
    """It may have left: it is listed and not sent again."""
    store, surveys, batch = office
    claim(store, ["letter-1"], WHEN)
    server = Server({})

    Post(store, server, batch, recorded, lambda: WHEN).carry([letter(1, "ada@example.com")])
    assert after(surveys, 1) == SurveyOutcomeUnknown("T1.1", 1, "the process ended in the middle")
    assert server.taken == []


def test_while_the_mail_server_is_away_letters_wait(office):
    """Their claims are given back, so that they leave when it is there again."""
    store, surveys, batch = office
    with pytest.raises(Unsent):
        Post(store, Server(None), batch, recorded, lambda: WHEN).carry([letter(1, "ada@example.com")])

    server = Server({"ada@example.com": 451})
    Post(store, server, batch, recorded, lambda: WHEN).carry([letter(1, "ada@example.com")])
    assert after(surveys, 1) == SurveyUndelivered("T1.1", "refused_for_now", 1, "451 said", QUARTER)
