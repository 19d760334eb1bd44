"""Support through its public doors: clocks, conflicts, merges, messages after the end."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = [{"day": day, "opens": "00:00", "closes": "24:00"} for day in DAYS]
TARGETS = [
    {"priority": "normal", "kind": "first_response", "seconds": 1},
    {"priority": "normal", "kind": "resolution", "seconds": 3600},
]


@pytest.fixture(scope="module")
def running_stack(tmp_path_factory, amqp_url, mongodb_url, database_prefix):
    """Support as a process, alone with broker and database."""
    folder = tmp_path_factory.mktemp("services")
    stack = RunningStack(folder, amqp_url, mongodb_url, database_prefix, names=("support",))
    try:
        yield stack.start()
    finally:
        stack.stop()


def do(stack, path, status=200, headers=None, **body):
    """Give a command to support; return its answer."""
    answer = stack.post("support", f"/v1/{path}", json=body, headers=headers or {})
    assert answer.status_code == status, answer.text
    return answer.json()


def types(stack, ticket):
    """Return the types of a ticket's events."""
    found = stack.get("support", f"/v1/tickets/{ticket}/events").json().get("events", [])
    return [event["type"].split(".")[2] for event in found]


def listed(stack, plural, **wanted):
    """Return the ids in a list."""
    items = stack.get("support", f"/v1/{plural}", params=wanted).json()["items"]
    return [item["id"] for item in items]


def test_two_agents_claim_one_ticket(running_stack):
    """Both saw version 1: one has the ticket, the other is told that it changed."""
    do(running_stack, "tickets/C1/open", subject="Where is it?")

    def claim(agent):
        answer = running_stack.post(
            "support", "/v1/tickets/C1/assign", json={"handler": agent}, headers={"If-Match": '"1"'}
        )
        return answer.status_code

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(claim, ("agent-1", "agent-2")))
    assert told == [200, 412]
    assert types(running_stack, "C1") == ["TicketOpened", "TicketAssigned"]


def test_t4_a_breach_is_stamped_by_the_timer(running_stack):
    """A promise of one second: the breach bears its due time, and the account explains the clock."""
    do(running_stack, "calendars/always/publish", zone="Europe/London", blocks=ALWAYS)
    do(running_stack, "policies/standard/publish", calendar_id="always", terms={"targets": TARGETS})

    def breached():
        key = f"B{len(listed(running_stack, 'tickets'))}"
        do(running_stack, f"tickets/{key}/open", subject="Where is it?", category="delivery")
        assert "SlaPolicyApplied" in types(running_stack, key)
        return key

    key = eventually(breached)
    eventually(lambda: "SlaTargetBreached" in types(running_stack, key))
    account = running_stack.get("support", f"/v1/tickets/{key}/sla").json()
    clocks = {clock["kind"]: clock for clock in account["clocks"]}
    assert clocks["first_response"]["breached"]
    assert clocks["resolution"]["status"] == "running"
    assert {line["calendar_version"] for line in account["lines"]} == {1}


def test_t7_a_merged_ticket_passes_its_messages_on(running_stack):
    """T-7: both tickets say so, and what is written to the absorbed one reaches the other."""
    for key in ("M1", "M2"):
        do(running_stack, f"tickets/{key}/open", subject="Where is it?")
    do(running_stack, "tickets/M1/merge", status=404, survivor_id="M9")
    do(running_stack, "tickets/M1/merge", survivor_id="M2")
    do(running_stack, "tickets/M1/receive", message="Still nothing")

    eventually(lambda: "CustomerMessageReceived" in types(running_stack, "M2"))
    assert "TicketAbsorbed" in types(running_stack, "M2")
    assert "M1" in listed(running_stack, "tickets", status="merged")


def test_t8_a_message_after_the_close_opens_a_linked_ticket(running_stack):
    """T-8: the closed ticket stays closed; the new one bears the message and the same correlation id."""
    do(running_stack, "tickets/N1/open", subject="Where is it?")
    do(running_stack, "tickets/N1/resolve", resolution_code="redelivered")
    do(running_stack, "tickets/N1/close")
    do(running_stack, "tickets/N1/receive", headers={"X-Correlation-ID": "chain-8"}, message="Again!")

    eventually(lambda: types(running_stack, "N1.next")[0] == "TicketOpened")
    [opened, *_] = running_stack.get("support", "/v1/tickets/N1.next/events").json()["events"]
    assert opened["data"]["linked_to"] == "N1"
    assert opened["data"]["message"] == "Again!"
    assert opened["correlationid"] == "chain-8"
