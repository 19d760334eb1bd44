"""The promise of the whole: three channels, one person, one view; `rapport bench latency` tells how soon."""

import sys
import time
from typing import Any

import pytest
import requests

from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = pytest.mark.integration


def report(stack: RunningStack, *events: dict[str, Any]) -> dict[str, Any]:
    """Hand events in at the front door."""
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    answer = requests.post(
        f"{stack.url('contacts')}/v1/events", json=list(events), headers=headers, timeout=10
    )
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def view(stack: RunningStack, kind: str, value: str) -> dict[str, Any] | None:
    """The customer view by any identifier, or None while nobody is known by it."""
    headers = {"Authorization": f"Bearer {stack.admin_key}"}
    url = f"{stack.url('analytics')}/v1/customers/by/{kind}/{value}"
    answer = requests.get(url, headers=headers, timeout=10)
    assert answer.status_code in (200, 404), answer.text
    return answer.json()["customer"] if answer.status_code == 200 else None


def event(number: str, source: str, type_: str, **data: Any) -> dict[str, Any]:
    """A channel event of the first of May."""
    return {
        "id": number,
        "source": source,
        "type": type_,
        "time": f"2026-05-01T10:0{number}:00Z",
        "data": data,
    }


def known(stack: RunningStack, kind: str, value: str) -> str:
    """The customer's id by an identifier: whoever was found once is found ever after."""
    found = view(stack, kind, value)
    assert found, f"nobody is known by {kind} {value}"
    return str(found["id"])


def whole(stack: RunningStack) -> dict[str, Any] | None:
    """Anna's view once all three channels are in it."""
    found = view(stack, "loyalty_id", "L-1001")
    return found if found and set(found.get("channels", {})) >= {"web", "call_center", "store"} else None


def test_a_web_visit_a_call_and_a_store_purchase_become_one_view_within_a_second(
    running_stack: RunningStack,
) -> None:
    """An anonymous visit, a log-in, a call and a purchase with a loyalty card are one customer."""
    report(running_stack, event("0", "till", "channel.store.visit_recorded.v1", store="warm-up"))
    eventually(lambda: view(running_stack, "visitor_id", "nobody") is None)
    visitor, anna = {"visitor_id": "v-77"}, {"email": "anna@example.org", "name": "Anna Able"}
    line = {"sku": "kettle", "quantity": 2, "unit_price": "24.90"}
    report(running_stack, event("1", "shop", "channel.web.page_viewed.v1", page="/kettles", customer=visitor))
    report(
        running_stack,
        event("2", "shop", "channel.web.visitor_identified.v1", method="login", customer=visitor | anna),
    )
    caller = {"email": "anna@example.org", "phone": "+442079460958"}
    report(
        running_stack,
        event(
            "3", "desk", "channel.call_center.call_ended.v1", direction="in", duration_s=60, customer=caller
        ),
    )
    buyer = {"phone": "020 7946 0958", "loyalty_id": "L-1001"}
    report(
        running_stack,
        event(
            "4",
            "till",
            "channel.store.order_placed.v1",
            order_no="S-1",
            currency="GBP",
            lines=[line],
            customer=buyer,
        ),
    )
    last = time.monotonic()
    found = eventually(lambda: whole(running_stack), timeout=20)
    seconds = time.monotonic() - last
    sys.stdout.write(f"one view {seconds:.3f} s after the last of the events\n")

    assert found["orders"]["value"]["GBP"]["net"] == 4980
    assert {p["value"] for p in found["contact_points"]} >= {
        "anna@example.org",
        "+442079460958",
        "L-1001",
        "v-77",
    }
    found_by = (("visitor_id", "v-77"), ("email", "ANNA@example.org"), ("phone", "+44 20 7946 0958"))
    eventually(
        lambda: (
            {known(running_stack, *by) for by in found_by} == {known(running_stack, "loyalty_id", "L-1001")}
        )
    )


def test_rows_3_5_6_87_a_supplier_at_a_fair_an_invoice_and_a_slow_page(running_stack: RunningStack) -> None:
    """Back and front office stand together; suppliers are no customers; what is unknown is refused."""
    supplier = {"email": "sam@supplier.example"}
    told = running_stack.post("contacts", "/v1/contacts", json={"identifiers": supplier}).json()
    sam = told["contact_id"]
    for path, body in (
        ("organizations/acme/register", {"name": "Acme"}),
        ("organizations/acme/add-relationship", {"relationship": "supplier"}),
        ("organizations/acme/link-contact", {"contact_id": sam, "role": "buyer"}),
        ("vocabularies/interaction-kind/define", {"label": "Kinds of our own"}),
        ("vocabularies/interaction-kind/add-term", {"code": "trade_fair", "label": "Trade fair"}),
        ("interactions/fair-1/record", {"kind": "trade_fair", "customer": sam, "place": "Hanover"}),
    ):
        answer = running_stack.post("contacts", f"/v1/{path}", json=body)
        assert answer.ok, answer.text
    page = {"page": "/fair", "load_ms": 3_000, "customer": supplier}
    results = report(
        running_stack,
        event("5", "erp", "channel.erp.billing_notice_sent.v1", document_no="I-7", customer=supplier),
        event("6", "shop", "channel.web.page_viewed.v1", **page),
        event("7", "moon", "channel.moon.landed.v1"),
    )["results"]
    assert [result["status"] for result in results] == ["accepted", "accepted", "rejected"]

    def seen() -> bool:
        found = view(running_stack, "email", supplier["email"]) or {}
        return {"trade_fair", "billing", "page_view"} <= set(found.get("interactions", {}))

    eventually(seen, timeout=20)
    found = view(running_stack, "email", supplier["email"])
    assert found is not None
    assert "acme" in str(found["organizations"])
    assert found["standing"]["stage"] in ("anonymous", "prospect")
    assert found["rfm"] is None
    bought = running_stack.get("analytics", f"/v1/metrics/customers?scope=customer:{sam}").json()
    assert bought["value"] == 0
    (site,) = running_stack.get("analytics", "/v1/views/site?month=2026-05").json()["items"]
    assert site["slow"] == 1
