"""Webhooks through a real service: killed in the middle it loses nothing; bad input is refused by field."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from deploy.local.servers import Servers
from tests.stack import RunningStack
from tests.waiting import eventually
from tests.webhook_receiver import Receiver, receiver

pytestmark = pytest.mark.integration
TYPES = ["rapport.sales.Lead*"]


@pytest.fixture
def sales(tmp_path: Path, servers: Servers) -> Iterator[RunningStack]:
    """Sales alone: webhooks need no other service."""
    stack = RunningStack(
        tmp_path / "services",
        servers.vhost(),
        servers.mongodb_url,
        servers.prefix(),
        names=("sales",),
        settings={"RAPPORT_WEBHOOKS_PRIVATE": "true"},
    )
    try:
        yield stack.start()
    finally:
        stack.stop()


@pytest.fixture
def to() -> Iterator[Receiver]:
    """A receiver that listens."""
    with receiver() as listening:
        yield listening


def capture(stack: RunningStack, first: int, count: int) -> list[str]:
    """Capture leads; return their ids."""
    keys = [f"l-{number:03}" for number in range(first, first + count)]
    for key in keys:
        said = {"source": "form", "channel": "web", "interest": "bicycles"}
        answer = stack.post("sales", f"/v1/leads/{key}/capture", json=said)
        assert answer.ok, answer.text
    return keys


def taken(to: Receiver) -> list[str]:
    """The leads the receiver was told of, in order, repeats left out."""
    return list(dict.fromkeys(str(event["data"]["lead_id"]) for event in to.taken))


def test_a_killed_service_loses_no_delivery_and_a_failing_receiver_gets_all_in_order(
    sales: RunningStack, to: Receiver
):
    """Signed, three failures first, killed in the middle, restarted; then replayed and listed."""
    registered = sales.post("sales", "/v1/webhooks/erp/register", json={"url": to.url, "types": TYPES})
    assert registered.ok, registered.text
    to.secret = registered.json()["secret"]
    ping = sales.post("sales", "/v1/webhooks/erp/ping", json={}).json()
    assert ping["delivered"], ping
    to.taken.clear()

    to.answers = [503, 500, 302]
    keys = capture(sales, 0, 20)
    eventually(lambda: len(taken(to)) >= 5, 40)
    sales.kill("sales")
    sales.restart("sales")
    keys += capture(sales, 20, 5)
    eventually(lambda: len(taken(to)) == len(keys), 40)

    assert taken(to) == keys
    assert to.forged == 0
    listed = sales.get("sales", "/v1/webhooks/erp/deliveries?limit=200").json()["items"]
    assert [line["delivered"] for line in listed] == [True] * len(keys)
    assert listed[-1]["attempts"] >= 4

    to.taken.clear()
    since = sales.get("sales", "/v1/log?limit=5").json()["events"][0]["recordedtime"]
    asked = sales.post("sales", "/v1/webhooks/erp/replay", json={"since": since})
    assert asked.status_code == 202, asked.text
    eventually(lambda: len(taken(to)) == len(keys), 40)
    assert taken(to) == keys


def test_bad_subscriptions_are_refused_by_field(sales: RunningStack, to: Receiver):
    """Scheme, patterns of nothing, other URLs under a known id, replay beyond the log, missing scopes."""

    def register(key: str = "", **body: object) -> requests.Response:
        return sales.post("sales", "/v1/webhooks/crm/register", json=body, key=key)

    plain = register(url="http://example.com/", types=TYPES)
    assert (plain.status_code, plain.json()["errors"][0]["pointer"]) == (422, "/url")
    nothing = register(url=to.url, types=["rapport.support.*"])
    assert nothing.json()["errors"][0]["pointer"] == "/types/0"
    assert register(url=to.url, types=TYPES).ok
    assert "secret" not in register(url=to.url, types=TYPES).json()
    assert register(url=to.url + "&x", types=TYPES).status_code == 409
    replay = "/v1/webhooks/crm/replay"
    assert sales.post("sales", replay, json={"after": 10**9}).status_code == 422
    assert sales.post("sales", replay, json={}).status_code == 422
    assert sales.post("sales", "/v1/webhooks/none/ping", json={}).status_code == 404

    scopes = {"name": "clerk", "scopes": ["sales:write", "log:read"]}
    clerk = sales.post("sales", "/v1/keys", json=scopes).json()["key"]
    assert register(clerk, url=to.url, types=TYPES, personal=True).status_code == 403
    assert sales.post("sales", "/v1/webhooks/crm/remove", json={}).ok
    assert sales.post("sales", "/v1/webhooks/crm/resume", json={}).status_code == 409
