"""The front office through its public doors: people, consents, follow-ups, imports, reactions."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow]
LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def running_stack(tmp_path_factory, amqp_url, mongodb_url, database_prefix):
    """Contacts and sales, alone with broker and database."""
    folder = tmp_path_factory.mktemp("services")
    stack = RunningStack(folder, amqp_url, mongodb_url, database_prefix, names=("contacts", "sales"))
    try:
        yield stack.start()
    finally:
        stack.stop()


def do(stack: RunningStack, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    """Give a command to contacts; return its answer."""
    answer = stack.post("contacts", f"/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read(stack: RunningStack, path: str) -> dict[str, Any]:
    """Read from contacts."""
    answer = stack.get("contacts", f"/v1/{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def register(stack: RunningStack, email: str, **profile: str) -> str:
    """Register somebody; return the contact's id."""
    told = do(stack, "contacts", identifiers={"email": email}, profile=profile)
    return str(told["contact_id"])


def test_a_declared_field_of_a_merged_contact_is_changed_where_it_lives_on(
    running_stack: RunningStack,
) -> None:
    """Plan, vocabulary, merge, redirect (C-2), profile and unread report in one story."""
    stack = running_stack
    anna, old = register(stack, "anna@example.org", name="Anna"), register(stack, "old@example.org")
    do(stack, f"contacts/{anna}/change-profile", 422, field="size", to="s")
    do(stack, "vocabularies/sizes/define", label="Sizes")
    do(stack, "vocabularies/sizes/add-term", code="s", label="small")
    do(stack, "plans/contact/declare-field", field="size", type="choice", purpose="fitting",
       retention_days=730, vocabulary="sizes")  # fmt: skip
    do(stack, f"contacts/{anna}/change-profile", 422, field="size", to="s")
    do(stack, "plans/contact/publish")
    do(stack, f"contacts/{anna}/merge", absorbed_id=old)
    told = do(stack, f"contacts/{old}/change-profile", field="size", to="s")
    assert (told["id"], told["redirected_from"]) == (anna, old)
    do(stack, "vocabularies/sizes/retire-term", code="s")
    do(stack, f"contacts/{anna}/change-profile", 422, field="size", to="s")
    assert [line["field"] for line in read(stack, "plans/contact/unread")["unread"]] == ["size"]
    assert read(stack, f"contacts/{anna}/profile")["profile"] == {"name": "Anna", "size": "s"}
    assert read(stack, "plans/contact/unread")["unread"] == []


def test_c4_a_shared_point_and_c5_consent_as_of_a_moment(running_stack: RunningStack) -> None:
    """A household's mailbox names nobody; consent is read as of any moment."""
    stack = running_stack
    bert = register(stack, "home@example.org")
    do(stack, f"contacts/{bert}/add-point", kind="email", value="Home@Example.org", shared=True)
    assert stack.get("contacts", "/v1/contacts/by/email/home@example.org").status_code == 404
    consent = {"purpose": "news", "channel": "email"}
    proof = {"legal_basis": "consent", "text_version": "v3", "evidence": "form 7"}
    do(stack, f"contacts/{bert}/grant-consent", **consent, **proof, given_at="2026-05-01T10:00:00Z")
    do(stack, f"contacts/{bert}/withdraw-consent", **consent, withdrawn_at="2026-05-03T10:00:00Z")
    do(stack, f"contacts/{bert}/grant-consent", **consent, **proof, given_at="2026-05-02T10:00:00Z")
    then = read(stack, f"contacts/{bert}/consents?as_of=2026-05-02T12:00:00Z")
    assert [line["granted"] for line in then["effective"]] == [True]
    assert [line["granted"] for line in read(stack, f"contacts/{bert}/consents")["effective"]] == [False]
    do(stack, f"contacts/{bert}/grant-consent", 422, **consent, legal_basis="consent", text_version="v3")


def test_row_22_a_likely_duplicate_is_put_to_a_person_and_dismissed(running_stack: RunningStack) -> None:
    """Found in the background by names and date of birth, told with reasons; who dismissed it is known."""
    stack = running_stack
    one = register(stack, "f.nightingale@example.org", name="Florence Nightingale", birth_date="1820-05-12")
    other = register(stack, "florence@example.org", name="Florense Nightingale", birth_date="1820-05-12")
    (item,) = eventually(lambda: read(stack, "duplicates")["items"], 20)
    assert {item["contact_id"], item["other_id"]} == {one, other}
    assert "date of birth the same" in item["reasons"]
    first, second = item["contact_id"], item["other_id"]
    do(stack, f"contacts/{first}/dismiss-duplicate", other_id=second, reason="sisters")
    assert read(stack, "duplicates")["items"] == []
    last = read(stack, f"contacts/{first}/events")["events"][-1]
    assert (last["type"].split(".")[2], last["actor"]) == ("DuplicateDismissed", "staff:administrator")


def test_of_two_concurrent_claims_one_wins_and_the_overdue_are_listed(running_stack: RunningStack) -> None:
    """The loser is told who does it; the timer marks what is late."""
    stack = running_stack
    carl = register(stack, "carl@example.org")
    do(stack, "interactions/i-1/record", kind="call", customer=carl, subject="heating")
    do(stack, "interactions/i-1/schedule-follow-up", due_at=LONG_AGO, purpose="call back")
    path = "/v1/interactions/i-1/claim-follow-up"
    with ThreadPoolExecutor(2) as pool:
        claims = [pool.submit(stack.post, "contacts", path, json={"owner": who}) for who in ("eve", "moses")]
    assert sorted(claim.result().status_code for claim in claims) == [200, 409]
    late = eventually(lambda: read(stack, "interactions?status=overdue")["items"])
    assert [(line["id"], line["customer"], line["claimed"]) for line in late] == [("i-1", carl, True)]
    do(stack, "interactions/i-1/complete-follow-up", outcome="reached")
    assert read(stack, "interactions?status=overdue")["items"] == []


def test_a_won_deal_appears_in_the_due_list_of_the_owner(running_stack: RunningStack) -> None:
    """Reported to sales by its channel; one chain of correlation ids."""
    stack = running_stack
    dora = register(stack, "dora@example.org")
    do(stack, f"contacts/{dora}/assign-owner", owner="eve")
    money, who = {"amount": 1250, "currency": "GBP"}, {"email": "dora@example.org"}
    data = {"opportunity_no": "D-1", "owner": "moses", "stage": "Won", "customer": who, "amount": money}
    event = {"id": "d-1", "source": "crm", "type": "channel.crm.opportunity_reported.v1", "data": data}
    taken = stack.post("contacts", "/v1/events", json=event)
    assert taken.json()["accepted"] == 1, taken.text
    due = eventually(lambda: read(stack, "interactions?owner=eve&status=due")["items"], 20)
    assert [(line["customer"], line["purpose"]) for line in due] == [(dora, "onboarding of D-1")]


def test_what_sales_has_of_a_merged_customer_is_found_under_either_id(running_stack: RunningStack) -> None:
    """Contacts tells of the merge, and of its undoing; the lists of sales follow."""
    stack = running_stack
    one, other = register(stack, "m1@example.org"), register(stack, "m2@example.org")
    for number, contact in enumerate((one, other)):
        body = {"source": "fair", "customer": contact}
        assert stack.post("sales", f"/v1/leads/M{number}/capture", json=body).status_code == 200

    def leads(contact: str) -> list[str]:
        found = stack.get("sales", f"/v1/leads?customer={contact}").json()["items"]
        return [line["id"] for line in found]

    assert (leads(one), leads(other)) == (["M0"], ["M1"])
    do(stack, f"contacts/{one}/merge", absorbed_id=other)
    eventually(lambda: leads(one) == leads(other) == ["M0", "M1"], 20)
    do(stack, f"contacts/{one}/unmerge", absorbed_id=other, reason="two people")
    eventually(lambda: leads(one) == ["M0"], 20)


def test_an_export_holds_what_all_services_know_and_names_those_that_are_away(
    running_stack: RunningStack,
) -> None:
    """Contacts and sales answer here, the others are not running: partial, and says so."""
    stack = running_stack
    fay = register(stack, "fay@example.org", name="Fay")
    assert stack.post(
        "sales", "/v1/leads/F1/capture", json={"source": "fair", "interest": "cups", "customer": fay}
    ).ok
    told = do(stack, f"contacts/{fay}/export", request_id="r-1")
    assert (told["complete"], told["missing"]) == (False, ["campaigns", "support", "analytics"])
    assert "cups" in [e["data"].get("interest") for e in told["events"]]
    text = stack.post("contacts", f"/v1/contacts/{fay}/export?form=text", json={"request_id": "r-2"}).text
    assert "Lead captured (sales)" in text
    assert "interest: cups" in text


def test_c9_an_import_is_taken_once_and_taken_back(running_stack: RunningStack) -> None:
    """Rows with their own results; who changed since is kept and named."""
    stack = running_stack
    do(stack, "imports/f1/start", mapping="people")
    rows = [{"row": n, "identifiers": {"email": f"row{n}@example.org"}, "profile": {"name": f"Row {n}"}}
            for n in (1, 2)]  # fmt: skip
    wrong = {"row": 3, "profile": {"shoe": "38"}}
    do(stack, "imports/f1/rows", 409, rows=rows)
    tried = do(stack, "imports/f1/validate", rows=[*rows, wrong])["rows"]
    assert [row["status"] for row in tried] == ["created", "created", "rejected"]
    assert stack.get("contacts", "/v1/contacts/by/email/row1@example.org").status_code == 404
    first = do(stack, "imports/f1/rows", rows=[*rows, wrong])["rows"]
    assert [row["status"] for row in first] == ["created", "created", "rejected"]
    assert do(stack, "imports/f1/rows", rows=[*rows, wrong])["rows"] == first
    do(stack, "imports/f1/apply")
    do(stack, f"contacts/{first[1]['contact_id']}/assign-owner", owner="zoe")
    answer = stack.post("contacts", "/v1/imports/f1/revert")
    assert answer.json() == {"undone": [1], "kept": [2]}, answer.text
    archived = read(stack, "contacts?status=archived")["items"]
    assert [line["id"] for line in archived] == [first[0]["contact_id"]]


def test_organizations_their_people_and_parents(running_stack: RunningStack) -> None:
    """Roles, circles, merges."""
    stack = running_stack
    emil = register(stack, "emil@example.org")
    for key in ("acme", "acme-gb", "akme"):
        do(stack, f"organizations/{key}/register", name=key)
    do(stack, "organizations/acme/link-contact", contact_id=emil, role="buyer")
    do(stack, "organizations/acme-gb/set-parent", parent_id="acme")
    do(stack, "organizations/acme/set-parent", 409, parent_id="acme-gb")
    do(stack, "organizations/acme/merge", absorbed_id="akme", reason="typing error")
    told = do(stack, "organizations/akme/add-relationship", relationship="customer")
    assert (told["id"], told["redirected_from"]) == ("acme", "akme")
    assert [line["id"] for line in read(stack, "organizations?status=customer")["items"]] == ["acme"]
