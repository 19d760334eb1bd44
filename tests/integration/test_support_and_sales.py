"""Support and the services it follows: orders it knows of, promises it minds, customers it recognises."""

import pytest

from shared.service.rpc_client import asking
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow]
ADA = {"email": "ada@example.com", "loyalty_id": "L-1001"}
LINE = {"sku": "KETTLE", "quantity": 2, "unit_price": "24.90"}


@pytest.fixture(scope="module")
def running_stack(tmp_path_factory, amqp_url, mongodb_url, database_prefix):
    """The front office, sales and support as processes."""
    folder = tmp_path_factory.mktemp("services")
    names = ("contacts", "sales", "support")
    stack = RunningStack(folder, amqp_url, mongodb_url, database_prefix, names=names)
    try:
        yield stack.start()
    finally:
        stack.stop()


def report(stack, number, type_, **data):
    """Hand a channel event in at the front door."""
    event = {"id": number, "source": "shop", "type": type_, "time": "2026-05-01T10:00:00Z", "data": data}
    answer = stack.post("contacts", "/v1/events", json=[event])
    assert answer.status_code == 202, answer.text


def ask(stack, number, verified=False, what="orders", **who):
    """Ask how an order or a ticket stands; return status and answer."""
    [(kind, value)] = who.items()
    body = {"number": number, "kind": kind, "value": value, "verified": verified}
    answer = stack.post("support", f"/v1/self-service/{what}", json=body)
    return answer.status_code, answer.json()


def unknown(stack, number, **who):
    """Return what is told of something that is not to be known, without what names the request."""
    status, told = ask(stack, number, **who)
    return status, {name: told[name] for name in ("type", "title", "detail")}


def test_a_customer_sees_the_own_order_and_nobody_else_does(running_stack):
    """By any identifier that is theirs; a wrong one gives the same answer as an unknown number."""
    report(running_stack, "1", "channel.web.visitor_identified.v1", customer=ADA, method="login")
    order = {"order_no": "S-1", "currency": "GBP", "lines": [LINE]}
    report(running_stack, "2", "channel.web.order_placed.v1", **order, customer={"loyalty_id": "L-1001"})

    eventually(lambda: ask(running_stack, "S-1", email="Ada@Example.com")[0] == 200, timeout=20)
    assert ask(running_stack, "S-1", email="ada@example.com")[1] == {"number": "S-1", "status": "placed"}
    verified = ask(running_stack, "S-1", verified=True, loyalty_id="L-1001")[1]
    assert verified["total"] == {"amount": 4980, "currency": "GBP"}
    running_stack.post("support", "/v1/tickets/O-1/open", json={"subject": "Late", "order_no": "S-1"})
    running_stack.post("support", "/v1/warranties/kettles/publish", json={"months": 24, "skus": ["KETTLE"]})
    about = running_stack.get("support", "/v1/tickets/O-1/order").json()
    assert about["facts"]["placed"]["total"] == {"amount": 4980, "currency": "GBP"}
    assert [(w["sku"], w["until"]) for w in about["warranty"]] == [("KETTLE", "2028-05-01")]
    with asking(running_stack.amqp_url, running_stack.admin_key, timeout=10) as people:
        assert people.sales.order_status("S-1")["total"] == {"amount": 4980, "currency": "GBP"}
        owner = people.sales.order_status("S-1")["customer"]
        found = running_stack.get("contacts", "/v1/contacts/by/loyalty_id/L-1001").json()
        assert people.contacts.resolve(owner)["contact_id"] == found["contact_id"]
    wrong, missing = {"email": "eve@example.com"}, {"email": "ada@example.com"}
    assert unknown(running_stack, "S-1", **wrong) == unknown(running_stack, "S-9", **missing)
    assert unknown(running_stack, "S-1", **wrong)[0] == 404


def test_a_customer_reads_the_own_ticket_when_verified(running_stack):
    """Without verification only its status is told."""
    told = {"ticket_no": "T-1", "subject": "Where is it?", "customer": ADA}
    report(running_stack, "3", "channel.web.ticket_opened.v1", **told)

    mine = {"what": "tickets", "email": "ada@example.com"}
    eventually(lambda: ask(running_stack, "T-1", **mine)[0] == 200, timeout=20)
    assert ask(running_stack, "T-1", **mine)[1] == {"number": "T-1", "status": "new"}
    verified = ask(running_stack, "T-1", verified=True, **mine)[1]
    assert verified["subject"] == "Where is it?"
    assert ask(running_stack, "T-1", what="tickets", email="eve@example.com")[0] == 404


def test_row_86_and_98_a_portal_ticket_continued_by_phone_is_one_ticket(running_stack):
    """One ticket with both messages; portal, staff and other services are told the same of it."""
    told = {"ticket_no": "T-2", "subject": "The lid broke", "customer": ADA}
    report(running_stack, "5", "channel.web.ticket_opened.v1", **told)
    called = {"ticket_no": "T-2", "message": "And the handle", "customer": ADA}
    eventually(lambda: running_stack.get("support", "/v1/tickets/T-2").ok, timeout=20)
    report(running_stack, "6", "channel.call_center.ticket_message_received.v1", **called)

    def channels():
        events = running_stack.get("support", "/v1/tickets/T-2/events").json()["events"]
        said = ("TicketOpened", "CustomerMessageReceived")
        return [event["channel"] for event in events if event["type"].split(".")[2] in said]

    eventually(lambda: channels() == ["web", "call_center"], timeout=20)
    portal = ask(running_stack, "T-2", what="tickets", email="ada@example.com")[1]["status"]
    store = ask(running_stack, "T-2", what="tickets", loyalty_id="L-1001")[1]["status"]
    staff = running_stack.get("support", "/v1/tickets/T-2/status").json()["status"]
    with asking(running_stack.amqp_url, running_stack.admin_key, timeout=10) as people:
        assert {portal, store, staff, people.support.ticket_status("T-2")["status"]} == {"new"}


def test_tickets_of_a_merged_customer_are_found_under_either_id(running_stack):
    """And the customer sees them with either identifier; after the undoing it is as before."""
    people = [{"identifiers": {"email": f"{name}@example.com"}} for name in ("kim", "kimberly")]
    told = [running_stack.post("contacts", "/v1/contacts", json=person).json() for person in people]
    kim, kimberly = (one["contact_id"] for one in told)
    running_stack.post("support", "/v1/tickets/K-1/open", json={"subject": "Late", "customer": kimberly})

    def under(customer):
        found = running_stack.get("support", "/v1/tickets", params={"customer": customer}).json()
        return [line["id"] for line in found["items"]]

    def seen():
        return ask(running_stack, "K-1", what="tickets", email="kim@example.com")[0]

    assert (under(kim), under(kimberly), seen()) == ([], ["K-1"], 404)
    merge = {"absorbed_id": kimberly, "reason": "same person"}
    merged = running_stack.post("contacts", f"/v1/contacts/{kim}/merge", json=merge)
    assert merged.status_code == 200, merged.text
    eventually(lambda: under(kim) == ["K-1"], timeout=20)
    assert (under(kimberly), seen()) == (["K-1"], 200)
    undone = running_stack.post("contacts", f"/v1/contacts/{kim}/unmerge", json=merge)
    assert undone.status_code == 200, undone.text
    eventually(lambda: under(kim) == [], timeout=20)
    assert (under(kimberly), seen()) == (["K-1"], 404)


def test_c6_a_missed_promise_raises_a_case(running_stack):
    """C6, T-10: the promised day is long past, nothing was delivered: the case names the events."""
    order = {"order_no": "S-2", "currency": "GBP", "lines": [LINE], "customer": ADA}
    report(running_stack, "4", "channel.web.order_placed.v1", **order)
    body = {"promised_on": "2026-05-05"}

    def promised():
        return running_stack.post("sales", "/v1/orders/S-2/promise", json=body).status_code == 200

    eventually(promised, timeout=20)
    params = {"rule_id": "promise_missed"}
    [line] = eventually(
        lambda: running_stack.get("support", "/v1/cases", params=params).json()["items"], timeout=20
    )
    assert (line["status"], line["order_id"]) == ("raised", "S-2")
    case = running_stack.get("support", f"/v1/cases/{line['id']}").json()["state"]["raised"]
    assert len(case["evidence_event_ids"]) == 2
