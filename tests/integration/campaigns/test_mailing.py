"""M-1, M-2, M-3 through the real service and a real mail server, which is killed in the middle."""

import os

import pytest
import requests

from services.campaigns.domain.campaign.audience import in_control
from tests.integration.campaigns.post_office import PostOffice, address
from tests.waiting import eventually

pytestmark = pytest.mark.integration
PATIENCE = 600
# Minutes: RAPPORT_MAILING=10000 adds a run with that many recipients.
WHOLE = [int(size) for size in [os.environ.get("RAPPORT_MAILING", "")] if size]


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("size", [300, *WHOLE])
def test_m1_each_is_sent_to_once_though_the_service_is_killed(post_office: PostOffice, size):
    """M-1, M-3: killed in the middle and restarted, it has sent to each once, never to the control group."""
    people = [f"c-{n:05}" for n in range(size)]
    refusing = set(people[::10])
    post_office.know(people, refusing)
    post_office.launch(people, control_share=0.2)

    eventually(lambda: len(post_office.lines()) > size // 4, PATIENCE)
    post_office.stack.kill("campaigns")
    assert len(post_office.lines()) < size // 2
    post_office.stack.restart("campaigns")
    _settle_all(post_office, size)

    control = {p for p in people if in_control(p, "s", 0.2)}
    wanted = {address(p) for p in people if p not in control and p not in refusing}
    assert post_office.received() == dict.fromkeys(wanted, 1)
    assert len(post_office.pile("sent")) == len(wanted)
    assert len(post_office.pile("suppressed")) == size - len(wanted)


def _settle_all(post_office: PostOffice, size: int) -> None:
    """Wait until nothing is queued; ask about what was in doubt; wait again."""

    def settled() -> bool:
        ended = len(post_office.pile("sent")) + len(post_office.pile("suppressed"))
        return ended + len(post_office.pile("unknown")) == size

    eventually(settled, PATIENCE, pause=0.5)
    parked = post_office.settle()
    assert parked <= 25
    eventually(lambda: not post_office.any_left(), PATIENCE)


def test_m6_unsubscribing_holds_for_the_next_campaign(post_office: PostOffice):
    """M-6: fetching the link ends nothing, the form does; a dead address is not used again.

    Whom the server puts off waits, visibly, and gets the message by the next attempt.
    """
    post_office.know(["c-1", "nobody", "later"])
    post_office.launch(["c-1", "nobody", "later"])
    (line,) = eventually(post_office.lines, 30)
    (waits,) = eventually(lambda: post_office.pile("deferred"), 20)
    assert (waits["reason"], waits["detail"][:3]) == ("refused", "451")
    post_office.post(f"messages/{waits['id']}/retry")
    eventually(lambda: post_office.received()["later@example.com"] == 1, 20)
    url = line.split()[2].strip("<>")

    shown = requests.get(url, timeout=10)
    assert "<form" in shown.text
    assert requests.get(url + "x", timeout=10).status_code == 404
    taken = requests.post(url, data={"List-Unsubscribe": "One-Click"}, timeout=10)
    assert taken.ok

    stack = post_office.stack
    key = eventually(lambda: post_office.pile("sent"), 20)[0]["id"]
    told = stack.get("campaigns", f"/v1/messages/{key}/events").json()["events"]
    events = {e["type"].split(".")[2]: e["data"] for e in told}
    assert events["MessageSent"]["consent_event_id"] == "consent-c-1"
    assert events["UnsubscribeRequested"]["method"] == "one_click"
    eventually(lambda: _state(stack, "c-1")["entries"][-1]["granted"] is False, 20)
    eventually(lambda: _state(stack, "nobody").get("blocked") == "bounced", 20)

    post_office.post("recipients/nobody/clear")
    eventually(lambda: "blocked" not in _state(stack, "nobody"), 20)
    (cleared,) = stack.get("campaigns", "/v1/recipients/nobody/events").json()["events"]
    assert (cleared["type"], cleared["actor"][:6]) == ("rapport.campaigns.RecipientCleared.v1", "staff:")
    assert post_office.post("recipients/nobody/clear")["events"] == []
    assert stack.post("campaigns", "/v1/recipients/c-unheard/clear", json={}).status_code == 404


def test_an_address_comes_from_contacts(post_office: PostOffice):
    """What contacts links is known to campaigns, sealed."""
    stack = post_office.stack
    key = stack.channel_key("shop")
    event = {
        "specversion": "1.0",
        "id": "v-1",
        "source": "shop",
        "type": "channel.web.visitor_identified.v1",
        "time": "2026-05-01T10:00:00Z",
        "data": {"customer": {"visitor_id": "v-1", "email": "ada@example.com"}, "method": "login"},
    }
    answer = stack.post("contacts", "/v1/events", key=key, json=event)
    assert answer.ok, answer.text

    def contact() -> str:
        return str(stack.get("contacts", "/v1/contacts/by/email/ada@example.com").json()["contact_id"])

    person = eventually(contact, 20)
    eventually(lambda: _state(stack, person)["address"] == "***", 20)


def _state(stack, person):
    return stack.get("campaigns", f"/v1/recipients/{person}").json()["state"]
