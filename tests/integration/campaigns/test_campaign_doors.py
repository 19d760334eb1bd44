"""Campaigns through its public doors, with the front office and sales beside it, nothing else running.

Forms, offers with real orders, posts and mentions, journeys, the launch, costs and audiences.
"""

from datetime import UTC, datetime, timedelta

import pytest

from services.campaigns.domain.campaign.audience import in_control, list_hash, variant_of
from tests.integration.campaigns.post_office import PLAN, WORDS
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow]
ADA = {"email": "ada@example.com", "loyalty_id": "L-1001"}
LINE = {"sku": "KETTLE", "quantity": 2, "unit_price": "24.90"}
PATIENCE = 60


@pytest.fixture(scope="module")
def stack(tmp_path_factory, amqp_url, mongodb_url, database_prefix):
    """The front office, sales and campaigns as processes."""
    names = ("contacts", "sales", "campaigns")
    folder = tmp_path_factory.mktemp("services")
    running = RunningStack(folder, amqp_url, mongodb_url, database_prefix, names=names)
    try:
        yield running.start()
    finally:
        running.stop()


def command(stack, path, status=200, **body):
    """Give campaigns a command; return the answer."""
    answer = stack.post("campaigns", f"/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def state(stack, path, service="campaigns"):
    """Return the state of an aggregate, empty while there is none."""
    answer = stack.get(service, f"/v1/{path}")
    return answer.json()["state"] if answer.ok else {}


def lines(stack, path, service="campaigns"):
    """Return the lines of a list."""
    return stack.get(service, f"/v1/{path}").json()["items"]


def report(stack, number, type_, at="2026-05-01T10:00:00Z", **data):
    """Hand a channel event in at the front door."""
    event = {"id": number, "source": "shop", "type": type_, "time": at, "data": data}
    answer = stack.post("contacts", "/v1/events", json=[event])
    assert answer.status_code == 202, answer.text


def contact(stack, kind, value):
    """Return the contact known by an identifier, None while there is none."""
    answer = stack.get("contacts", f"/v1/contacts/by/{kind}/{value}")
    return answer.json()["contact_id"] if answer.ok else None


def order(stack, number, code, at="2026-05-01T10:00:00Z", **who):
    """Order with a code; return what became of the code."""
    said = {"order_no": number, "currency": "GBP", "lines": [LINE], "customer": who, "offer_code": code}
    report(stack, f"order-{number}", "channel.web.order_placed.v1", at, **said)
    settled = ("accepted", "refused")
    return eventually(
        lambda: (o := state(stack, f"orders/{number}", "sales").get("offer")) in settled and o, PATIENCE
    )


def test_a_form_identifies_a_contact_and_captures_a_lead(stack):
    """Requirement 26: answers that do not fit are refused by name; consent and lead follow the rest."""
    fields = [{"name": "email", "kind": "email", "required": True}, {"name": "given_name"}]
    command(stack, "forms/news/publish", fields=fields, consent_text_version="v3")
    wrong = {"form_id": "news", "answers": {"given_name": "Ada", "shoe": "42"}}
    refused = command(stack, "submissions/s-0/submit", 422, **wrong)
    assert [e["pointer"] for e in refused["errors"]] == ["/answers/shoe", "/answers/email"]

    answers = {"email": "grace@example.com", "given_name": "Grace"}
    said = {"form_id": "news", "answers": answers, "consented": True, "interest": "bicycles"}
    for _ in range(2):
        command(stack, "submissions/s-1/submit", **said)

    person = eventually(lambda: contact(stack, "email", "grace@example.com"), PATIENCE)
    eventually(lambda: state(stack, f"recipients/{person}").get("entries"), PATIENCE)
    leads = eventually(lambda: lines(stack, "leads?source=form", "sales"), PATIENCE)
    assert len(leads) == 1
    assert state(stack, f"recipients/{person}")["entries"][0]["granted"] is True


def test_m7_orders_redeem_an_offer_inside_its_limits(stack):
    """Requirement 71: by real orders, under any identifier of the person; a cancelled one gives it back."""
    report(stack, "hello", "channel.web.visitor_identified.v1", customer=ADA, method="login")
    ada = eventually(lambda: contact(stack, "loyalty_id", "L-1001"), PATIENCE)
    terms = {"terms": "10 % off", "opens": "2026-04-01T00:00:00Z", "closes": "2099-01-01T00:00:00Z", "cap": 2}
    command(stack, "offers/MAY10/define", **terms)
    command(stack, "offers/MAY10/activate")
    command(stack, "offers/MAY10/issue", code="MAY10")
    command(stack, "offers/MAY10/issue", code="MAY10.ADA", contact_id=ada)

    assert order(stack, "O-1", "MAY10.ADA", email="ada@example.com") == "accepted"
    assert order(stack, "O-2", "MAY10", loyalty_id="L-1001") == "refused"  # she has had it
    assert order(stack, "O-3", "MAY10.ADA", email="bob@example.com") == "refused"  # it is hers
    assert order(stack, "O-4", "MAY10", "2026-03-01T10:00:00Z", email="bob@example.com") == "refused"
    assert order(stack, "O-5", "NONE", email="bob@example.com") == "refused"
    assert order(stack, "O-6", "MAY10", email="bob@example.com") == "accepted"
    assert order(stack, "O-7", "MAY10", email="cat@example.com") == "refused"  # all are taken
    redeemed = state(stack, "offers/MAY10")["redeemed"]
    assert set(redeemed) == {"O-1", "O-6"}
    assert redeemed["O-1"]["value"] == {"amount": 4980, "currency": "GBP"}

    report(stack, "off", "channel.web.order_cancelled.v1", order_no="O-1")
    eventually(lambda: state(stack, "offers/MAY10").get("reversed") == ["O-1"], PATIENCE)
    assert order(stack, "O-8", "MAY10", loyalty_id="L-1001") == "accepted"


def test_a_scheduled_post_is_published_once(stack):
    """Requirement 67: released by its timer, taken by the adapter once, whatever it repeats."""
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    said = {"network": "mastodon", "text": "Spring is here", "publish_at": soon}
    command(stack, "posts/p-1/schedule", **said)

    (released,) = eventually(lambda: lines(stack, "posts?status=released"), PATIENCE)
    assert (released["id"], released["text"]) == ("p-1", "Spring is here")
    for _ in range(2):
        command(stack, "posts/p-1/mark-published", network_id="1024")
    command(stack, "posts/p-1/mark-published", 409, network_id="1025")
    told = stack.get("campaigns", "/v1/posts/p-1/events").json()["events"]
    kinds = [event["type"].split(".")[2] for event in told]
    assert kinds == ["SocialPostScheduled", "SocialPostReleased", "SocialPostPublished"]


def test_a_mention_becomes_a_lead_with_a_link_back(stack):
    """Requirement 67: heard by the front office, listed until somebody says what became of it."""
    said = {"network": "mastodon", "tone": "positive", "customer": {"email": "fan@example.com"}}
    report(stack, "mention-1", "channel.social.mention_received.v1", **said)

    (mention,) = eventually(lambda: lines(stack, "mentions?status=new"), PATIENCE)
    key = mention["id"]
    lead = {"source": "social", "channel": "social", "interest": f"mention {key}"}
    assert stack.post("sales", "/v1/leads/L-7/capture", json=lead).ok
    command(stack, f"mentions/{key}/handle", 422, handled_as="lead")
    command(stack, f"mentions/{key}/handle", handled_as="lead", id="L-7")
    handled = state(stack, f"mentions/{key}")["handled"]
    assert state(stack, f"leads/{handled['id']}", "sales")["status"] == "new"
    assert lines(stack, "mentions?status=new") == []
    heard = stack.get("contacts", f"/v1/interactions/{key}/events").json()["events"][0]
    assert heard["data"]["kind"] == "mention"


def test_who_replies_leaves_the_journey_and_does_not_begin_it_again(stack):
    """Requirement 68, M-9: unless the journey allows re-entry."""
    command(stack, "templates/hello/define", **WORDS)
    steps = [
        {"name": "hello", "kind": "send", "template_id": "hello"},
        {"name": "w", "kind": "wait", "seconds": 3600},
    ]
    command(stack, "journeys/nurture/publish", campaign_id="care", steps=steps)
    enroll = {"journey_id": "nurture", "customer": "c-9"}
    command(stack, "enrolments/nurture.c-9/enroll", **enroll)
    (message,) = eventually(lambda: lines(stack, "messages?campaign_id=care"), PATIENCE)

    command(stack, f"messages/{message['id']}/record-reply")
    eventually(lambda: state(stack, "enrolments/nurture.c-9")["status"] == "exited", PATIENCE)
    assert command(stack, "enrolments/nurture.c-9/enroll", **enroll)["events"] == []
    command(stack, "enrolments/nurture.c-9/enroll", 409, **enroll, cycle=2)
    assert len(lines(stack, "messages?campaign_id=care")) == 1


def test_m8_a_launch_needs_its_goal_and_m4_an_audience_is_proved(stack):
    """Requirements 69, 70, 73, 75, 77: refused by field; variant and reason of each; costs net out."""
    people = [f"c-{n:02}" for n in range(20)]
    command(stack, "templates/hello/define", **WORDS)
    command(stack, "templates/howdy/define", **WORDS | {"subject": "Howdy"})
    command(stack, "templates/bad/define", 422, **WORDS | {"text": "Dear {{ person.nickname }}"})
    command(stack, "campaigns/may/plan", name="May")
    missing = command(stack, "campaigns/may/launch", 422)
    assert {e["pointer"] for e in missing["errors"]} == {"/objective", "/budget", "/audience"}

    command(stack, "campaigns/may/plan", **PLAN | {"templates": ["hello", "howdy"]})
    segment = {"segment_id": "all", "seed": "s", "control_share": 0.2}
    half = command(stack, "campaigns/may/freeze-audience", 422, **segment, members=people)
    assert {e["pointer"] for e in half["errors"]} == {"/segment_version", "/as_of", "/watermark"}
    away = command(stack, "campaigns/may/freeze-audience", 503, **segment)
    assert "analytics does not tell who belongs to segment all" in away["detail"]
    told = {"segment_version": 1, "as_of": "2026-05-01T10:00:00Z", "watermark": "0"}
    frozen = command(stack, "campaigns/may/freeze-audience", **segment, **told, members=people[::-1])
    assert frozen["list_hash"] == list_hash(people)
    command(stack, "campaigns/may/launch")

    queued = eventually(
        lambda: len(f := lines(stack, "messages?campaign_id=may&limit=100")) == 20 and f, PATIENCE
    )
    variants = {line["customer"]: line["variant"] for line in queued}
    assert variants == {p: variant_of(p, "s", ["hello", "howdy"]) for p in people}
    control = {line["customer"] for line in queued if line.get("reason") == "control"}
    assert control == {p for p in people if in_control(p, "s", 0.2)}

    cost = {"kind": "media", "incurred_on": "2026-05-02", "channel": "radio"}
    for key, amount in (("i-1", 5_000), ("i-2", 700)):
        command(
            stack,
            "campaigns/may/record-cost",
            cost_id=key,
            amount={"amount": amount, "currency": "GBP"},
            **cost,
        )
    command(stack, "campaigns/may/reverse-cost", cost_id="i-1", reason="booked twice")
    (line,) = [line for line in lines(stack, "campaigns?status=running") if line["id"] == "may"]
    assert line["spent"] == [{"amount": 700, "currency": "GBP"}]
    command(stack, "vocabularies/cost-kinds/define", label="Kinds of costs")
    other = {"cost_id": "i-3", "amount": {"amount": 1, "currency": "GBP"}, **cost}
    assert command(stack, "campaigns/may/record-cost", 422, **other)["errors"][0]["pointer"] == "/kind"


def test_a_referral_keeps_its_chain_and_nobody_brings_themselves(stack):
    """Requirement 76: who brought whom is recorded by the front office; itself and circles are refused."""
    people = []
    for name in ("kim", "lee"):
        answer = stack.post(
            "contacts", "/v1/contacts", json={"identifiers": {"email": f"{name}@example.com"}}
        )
        people.append(answer.json()["contact_id"])
    kim, lee = people

    def refer(who, by):
        return stack.post(
            "contacts", f"/v1/contacts/{who}/record-referral", json={"referrer_id": by}
        ).status_code

    assert refer(lee, kim) == 200
    assert refer(kim, kim) in (409, 422)
    assert refer(kim, lee) in (409, 422)
