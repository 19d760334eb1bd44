"""Living segments on the running system: entered and exited once, on the bus and in the views."""

from collections.abc import Callable
from typing import Any

import pika
import pytest

from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(150)]
RULE = {"all": [
    {"fact": "behaviour.net_value.GBP", "is": "at_least", "value": 100},
    {"fact": "behaviour.orders", "is": "at_least", "value": 2},
]}  # fmt: skip

ADA = {"email": "ada@example.org"}
# A killed process leaves its leases, and perhaps an open transaction, which end by themselves.
LEASES = 90
PREVIEW = "/v1/segment-previews"


class Bus:
    """What analytics says of segments on `rapport.events`."""

    def __init__(self, url: str) -> None:
        self._channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(self._queue, "rapport.events", "rapport.analytics.#")
        self.heard: list[tuple[str, str]] = []

    def said(self) -> list[tuple[str, str]]:
        """Return every entry and exit so far, by type and segment."""
        while True:
            _, properties, body = self._channel.basic_get(self._queue, auto_ack=True)
            if properties is None:
                return [each for each in self.heard if each[0].startswith("Segment")]
            kind = properties.headers["ce-type"].split(".")[2]
            self.heard.append((kind, body.decode()))


def order(number: int, sku: str = "kettle", price: str = "60.00") -> dict[str, Any]:
    """An order of Ada's in the web shop."""
    line = {"sku": sku, "quantity": 1, "unit_price": price}
    data = {
        "order_no": f"W-{number}",
        "currency": "GBP",
        "lines": [line],
        "customer": {"email": "ada@example.org"},
    }
    return {"id": f"o-{number}", "source": "shop", "type": "channel.web.order_placed.v1",
            "time": f"2026-05-0{number}T10:00:00Z", "data": data}  # fmt: skip


def returned(number: int) -> dict[str, Any]:
    """The whole order goes back."""
    line = {"sku": "kettle", "quantity": 1, "unit_price": "60.00"}
    data = {"return_no": f"R-{number}", "order_no": f"W-{number}", "lines": [line], "currency": "GBP",
            "customer": ADA}  # fmt: skip
    return {"id": f"r-{number}", "source": "till", "type": "channel.store.goods_returned.v1",
            "time": "2026-05-08T10:00:00Z", "data": data}  # fmt: skip


def report(stack: RunningStack, event: dict[str, Any]) -> None:
    """Hand an event in at the front door."""
    answer = stack.post("contacts", "/v1/events", json=[event])
    assert answer.status_code == 202, answer.text
    assert answer.json()["results"][0]["status"] == "accepted", answer.text


def answer(stack: RunningStack, path: str) -> Any:
    """Return what analytics answers."""
    found = stack.get("analytics", path)
    assert found.status_code == 200, found.text
    return found.json()


def settled(stack: RunningStack, look: Callable[[], bool]) -> None:
    """Wait for what is said, then for analytics to have heard itself."""
    eventually(look, LEASES, pause=0.1)
    eventually(lambda: not answer(stack, "/v1/segments")["behind"], 30, pause=0.1)


def test_who_buys_enters_and_who_returns_exits_once_each(running_stack: RunningStack) -> None:
    """Two orders make a good customer, a return ends that; analytics is killed in between."""
    stack, bus = running_stack, Bus(running_stack.amqp_url)
    body = {"name": "Good", "rule": RULE, "value_proposition": "first to know"}
    assert stack.post("campaigns", "/v1/segments/good/define", json=body).status_code == 200
    report(stack, order(1))
    eventually(lambda: answer(stack, "/v1/segments")["items"], 20, pause=0.1)
    assert answer(stack, "/v1/segments/good/members")["items"] == []

    stack.kill("analytics")
    report(stack, order(2))
    stack.spawn("analytics")
    stack.wait_ready("analytics")
    settled(stack, lambda: len(bus.said()) == 1)
    assert bus.said()[0][0] == "SegmentEntered"
    (ada,) = answer(stack, "/v1/segments/good/members")["items"]
    assert answer(stack, "/v1/segments")["items"][0]["size"] == 1
    assert answer(stack, "/v1/segments/good/parity")["equal"]
    before = answer(stack, "/v1/segments/good/members?as_of=2026-05-01T12:00:00Z&version=1")
    assert before["items"] == []
    entered = eventually(lambda: answer(stack, "/v1/customers/email:ada@example.org/segments")["items"], 10)
    assert [(each["segment_id"], each["segment_version"]) for each in entered] == [("good", 1)]

    report(stack, returned(1))
    settled(stack, lambda: len(bus.said()) == 2)
    assert [kind for kind, _ in bus.said()] == ["SegmentEntered", "SegmentExited"]
    assert answer(stack, "/v1/segments/good/members")["items"] == []
    assert answer(stack, "/v1/segments/good/members?as_of=2026-05-03T00:00:00Z&version=1")["items"] == [ada]
    view = answer(stack, "/v1/customers/email:ada@example.org")["customer"]
    assert view["standing"]["stage"] == "customer"
    assert answer(stack, f"/v1/standings/{ada}/events")["events"]


def test_a_rule_is_previewed_revised_and_retired(running_stack: RunningStack) -> None:
    """A new rule is put to everybody, with progress; a wrong one is refused by field."""
    stack = running_stack
    report(stack, order(3))
    buyers = {"fact": "behaviour.orders", "is": "at_least", "value": 1}
    eventually(
        lambda: stack.post("analytics", "/v1/segment-previews", json={"rule": buyers}).json()["count"], 20
    )
    wrong = stack.post(
        "analytics", "/v1/segment-previews", json={"rule": {**buyers, "fact": "behaviour.order"}}
    )
    assert wrong.status_code == 422
    assert "behaviour.orders" in wrong.text
    rich = {"fact": "behaviour.net_value.GBP", "is": "at_least", "value": 10_000}
    stack.post("campaigns", "/v1/segments/buyers/define", json={"name": "Buyers", "rule": rich})
    stack.post("campaigns", "/v1/segments/buyers/revise", json={"rule": buyers})
    eventually(lambda: answer(stack, "/v1/segments/buyers/members")["items"], 30, pause=0.1)
    assert answer(stack, "/v1/segments/buyers")["segment_version"] == 2
    jobs = eventually(lambda: _done(answer(stack, "/v1/segments/buyers")["assessments"]), 20, pause=0.1)
    assert {job["reason"] for job in jobs} == {"SegmentDefined", "SegmentRuleRevised"}
    stack.post("campaigns", "/v1/segments/buyers/retire", json={})
    eventually(lambda: not answer(stack, "/v1/segments/buyers/members")["items"], 30, pause=0.1)
    assert answer(stack, "/v1/segments/buyers/parity")["equal"]


def _done(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return jobs if len(jobs) == 2 and all(job["state"] == "done" for job in jobs) else []
