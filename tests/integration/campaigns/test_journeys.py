"""M-7, M-9 and C6 through the running service: its own events move journeys and redemptions."""

import pytest

from tests.integration.campaigns.post_office import PLAN, WORDS, PostOffice
from tests.waiting import eventually

pytestmark = pytest.mark.integration
STEPS = [
    {"name": "hello", "kind": "send", "template_id": "hello"},
    {"name": "pause", "kind": "wait", "seconds": 2},
    {"name": "more", "kind": "send", "template_id": "more"},
]


def test_a_journey_sends_waits_and_ends_when_consent_does(post_office: PostOffice):
    """One person goes to the end by timers; another unsubscribes on the way and gets nothing more."""
    people = ["c-1", "c-2"]
    post_office.know(people)
    for template in ("hello", "more"):
        post_office.post(f"templates/{template}/define", WORDS)
    post_office.post("journeys/welcome/publish", {"campaign_id": "spring", "steps": STEPS})
    post_office.post("campaigns/spring/plan", PLAN | {"journey_id": "welcome"})
    post_office.post("campaigns/spring/launch")
    for person in people:
        body = {"journey_id": "welcome", "customer": person}
        post_office.post(f"enrolments/welcome.{person}/enroll", body)

    def sent_to(person):
        return [line["id"] for line in post_office.pile("sent") if line["customer"] == person]

    (leaving,) = eventually(lambda: sent_to("c-2"), 30)
    post_office.post(f"messages/{leaving}/request-unsubscribe", {"scope": "all"})

    eventually(lambda: _status(post_office, "c-1") == "completed", 30)
    eventually(lambda: _status(post_office, "c-2") in ("exited", "completed"), 30)
    eventually(lambda: not post_office.any_left() and post_office.received()["c-1@example.com"] == 2, 30)
    assert post_office.received()["c-2@example.com"] == 1


def _status(post_office: PostOffice, person: str) -> str:
    state = post_office.stack.get("campaigns", f"/v1/enrolments/welcome.{person}").json()["state"]
    return str(state["status"])
