"""The page a customer answers a survey on."""

import pytest
from werkzeug.test import Client

from services.support.domain.survey import SURVEY, RequestSurvey
from services.support.public import SurveyPage
from shared.decide import Context, streams_of
from shared.http.app import App
from shared.mail.tokens import Tokens
from shared.privacy import MemoryKeyStore, Vault
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, meta, moment

TOKENS = Tokens(b"k" * 32)
LINK = f"/s/{TOKENS.make('survey', 'T1.1')}"


class Office:
    """Support with one survey, at a time that tests move."""

    def __init__(self):
        self.now = WHEN
        self.surveys = streams_of(MemoryStore("support"), [SURVEY], Vault(MemoryKeyStore()))["survey"]
        command = RequestSurvey("T1.1", "T1", 1, "csat", moment(days=14))
        self.surveys.handle("T1.1", command, Context(WHEN, meta(command_id="1", customer="c-1")))
        page = SurveyPage(self.surveys, TOKENS, lambda: self.now)
        self.client = Client(App("Support", "1", page.routes(), lambda _: None))

    def state(self):
        """Return the survey."""
        return self.surveys.load(["T1.1"], fresh=True)["T1.1"].state


@pytest.fixture
def office():
    """Return support with one survey."""
    return Office()


def test_row_93_a_customer_answers_by_the_link_alone(office):
    """The page has the question, a labelled choice per score and the day it ends; the answer is recorded."""
    shown = office.client.get(LINK)
    assert (shown.status_code, shown.text.count('type="radio"')) == (200, 5)
    assert '<label for="s5">5</label>' in shown.text
    assert "15 May 2026" in shown.text
    assert office.state().status == "requested"

    assert "noted" in office.client.post(LINK, data={"score": "2", "comment": "Too late"}).text
    assert (office.state().score, office.state().low) == (2, True)
    assert "answered already" in office.client.get(LINK).text
    office.client.post(LINK, data={"score": "5"})
    [*_, last] = office.surveys.store.read_stream("survey-T1.1")
    assert (last.data["correction"], last.meta.actor, last.meta.customer) == (True, "customer", "c-1")


@pytest.mark.parametrize(
    "data", [{}, {"score": "six"}, {"score": "9"}, {"score": "5", "comment": "x" * 2001}]
)
def test_a_wrong_answer_is_asked_for_again(office, data):
    """The page says what is wrong, and nothing is recorded."""
    told = office.client.post(LINK, data=data)

    assert (told.status_code, 'role="alert"' in told.text) == (422, True)
    assert office.state().status == "requested"


def test_t9_a_link_ends_with_the_answer_window_and_cannot_be_guessed(office):
    """T-9: afterwards the page says so; another token leads nowhere."""
    office.now = moment(days=15)
    for told in (office.client.get(LINK), office.client.post(LINK, data={"score": "5"})):
        assert (told.status_code, "is over" in told.text) == (410, True)
    wrong = (
        f"{LINK[:-1]}{'A' if LINK[-1] != 'A' else 'B'}",
        f"/s/{TOKENS.make('unsubscribe', 'T1.1')}",
        "/s/x",
    )
    assert [office.client.get(link).status_code for link in wrong] == [404, 404, 404]
