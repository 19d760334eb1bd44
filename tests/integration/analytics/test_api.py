"""Analytics answers over HTTP: from deliveries to views, with freshness, clocks, masks and search."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import Client, TestResponse

from services.analytics.bootstrap import Analytics
from services.analytics.views.customer import SECTIONS
from shared.config import Settings
from shared.consume.batch import Poison
from shared.consume.delivery import Delivery
from shared.consume.source_log import SourceHead
from shared.errors import Unavailable
from shared.events import Event
from shared.events.wire import encode
from shared.http.auth import hash_of
from tests.company import BEGIN, Company, OpenLog, populate
from tests.eventful import eventful

pytestmark = pytest.mark.integration
ADMIN = {"Authorization": "Bearer admin-key"}
SOURCES = ("contacts", "sales", "campaigns", "support")


class StandIn(OpenLog):
    """A source that answers without a network, or is away."""

    away = False
    service = "stand-in"

    def head(self) -> SourceHead:
        """Return the end of the log."""
        if self.away:
            raise Unavailable("away")
        return super().head()

    def recent_head(self) -> SourceHead | None:
        """Return the head, or None while away."""
        return None if self.away else self.head()

    def ledger(self) -> dict[str, Any]:
        """Return one balanced and one unbalanced source."""
        if self.away:
            raise Unavailable("away")
        return {"sources": [{"source": "/web", "received": 3, "applied": 2, "duplicate": 1}]}


def delivery(event: Event) -> Delivery:
    """Return the event as the broker would deliver it."""
    message = encode(event)
    return Delivery(message.body, dict(message.headers), message.content_type, message.routing_key)


class Desk:
    """Analytics in this process, and a client of its API."""

    def __init__(self, mongodb_url: str) -> None:
        self.company = Company()
        self.app = Analytics(settings(mongodb_url))
        for name in SOURCES:
            self.app.sources[name] = StandIn(self.company.logs.setdefault(name, []))
        self.app.prepare_storage()
        self.web = Client(self.app.http)

    def publish(self) -> None:
        """Deliver everything and fold; what the company says in analytics' name stands for its own log."""
        self.deliver()
        while self.app.folds.step():
            pass

    def deliver(self) -> None:
        """Deliver everything to the journal; no view follows yet."""
        for events in self.company.partitions().values():
            self.app.reception.receive([delivery(event) for event in events])
        for partition in range(0 if "analytics" in self.company.logs else self.app.settings.partitions):
            own = self.app.store.read_log(0, 1_000, partition)
            self.app.reception.receive([delivery(event) for event in own])
        self.source("contacts").events = self.company.logs["contacts"]
        for name in SOURCES:
            self.source(name).events = list(self.company.logs[name])

    def source(self, name: str) -> Any:
        """Return a source's stand-in."""
        return self.app.sources[name]

    def get(self, path: str, **query: str) -> Any:
        """Return the JSON of an answer that has to be 200."""
        answer = self.ask(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def ask(self, path: str, headers: dict[str, str] = ADMIN, **query: str) -> TestResponse:
        """Return an answer."""
        return self.web.get(path, query_string=query, headers=headers)


def settings(mongodb_url: str) -> Settings:
    """Return settings with a database prefix of the test's own."""
    return Settings.read(
        {
            "RAPPORT_AMQP_URL": "amqp://127.0.0.1:1/",
            "RAPPORT_MONGODB_URL": mongodb_url,
            "RAPPORT_DATABASE_PREFIX": f"t{uuid4().hex[:10]}",
            "RAPPORT_IDENTITY_KEY": "1f" * 32,
            "RAPPORT_MASTER_KEY": "2e" * 32,
            "RAPPORT_ADMIN_KEY_SHA256": hash_of("admin-key"),
        },
        service="analytics",
    )


@pytest.fixture
def desk(mongodb_url: str) -> Iterator[Desk]:
    """Analytics over an empty database."""
    desk = Desk(mongodb_url)
    yield desk
    for name in (desk.app.database.name, desk.app.settings.keys_database):
        desk.app.client.drop_database(name)
    desk.app.close()


def named(desk: Desk, email: str, name: str) -> str:
    """Write a contact with sealed values; return its ref."""
    ref = desk.app.refs.customer({"email": email})
    assert ref
    stream = f"contact-{ref}"
    sealed = desk.app.vault.seal(ref, stream, {"value": email}, ("value",))
    desk.company.write(
        "contacts", "ContactRegistered", stream, ref, contact_id=ref, kind="known", source="web"
    )
    desk.company.write("contacts", "ContactIdentifierLinked", stream, ref, contact_id=ref, ref=ref,
                       kind="email", strength="strong", **sealed)  # fmt: skip
    for field, value in zip(("given_name", "family_name"), name.split(), strict=True):
        to = desk.app.vault.seal(ref, stream, {"to": value}, ("to",))
        desk.company.write("contacts", "ProfileAttributeChanged", stream, ref, contact_id=ref, field=field,
                           source="web", **to)  # fmt: skip
    return ref


def test_one_person_by_any_name(desk: Desk) -> None:
    """A customer is found by ref, identifier, e-mail search and the beginnings of names."""
    ref = named(desk, "ada@example.org", "Ada Lovelace")
    named(desk, "bob@example.org", "Bob Byron")
    desk.company.busy(ref)
    desk.publish()
    answer = desk.get(f"/v1/customers/{ref}")
    assert answer["customer"]["profile"]["given_name"]["value"] == "Ada"
    assert answer["customer"]["identity"]["lifecycle"] == "customer"
    positions = {name: len(log) for name, log in desk.company.logs.items()}
    assert answer["watermark"] == {**positions, "analytics": desk.app.store.head().position}
    assert set(answer["lag"].values()) == {0}
    assert answer["behind"] == []
    assert desk.get("/v1/customers/email:Ada@Example.org")["customer"]["id"] == ref
    for words in ("ada@example.org", "lov", "ada love", "ADA"):
        assert [c["id"] for c in desk.get("/v1/customers", q=words)["items"]] == [ref], words
    assert desk.get("/v1/customers", q="ada byron")["items"] == []
    assert desk.ask("/v1/customers/c-none").status_code == 404


def test_a_customer_is_found_while_the_view_follows_a_new_root(desk: Desk) -> None:
    """Whoever was known a moment ago is not unknown because they have just been merged into a new contact."""
    ref = named(desk, "ada@example.org", "Ada Lovelace")
    desk.company.busy(ref)
    desk.publish()
    desk.company.merge("c-new", ref)
    desk.deliver()
    for key in (ref, "c-new", "email:ada@example.org"):
        assert desk.get(f"/v1/customers/{key}")["customer"]["id"] == ref
    desk.publish()
    for key in (ref, "c-new", "email:ada@example.org"):
        assert desk.get(f"/v1/customers/{key}")["customer"]["id"] == "c-new"


def test_values_are_masked_without_the_scope(desk: Desk) -> None:
    """Personal values are opened for `pii:read` alone."""
    ref = named(desk, "ada@example.org", "Ada Lovelace")
    desk.publish()
    made = desk.web.post("/v1/keys", json={"name": "desk", "scopes": ["customers:read"]}, headers=ADMIN)
    key = {"Authorization": f"Bearer {made.json['key']}"}
    shown = desk.ask(f"/v1/customers/{ref}", key).json["customer"]
    assert shown["profile"]["given_name"]["value"] == "***"
    assert [point["value"] for point in shown["contact_points"]] == ["***"]
    assert desk.ask("/v1/projections", key).status_code == 403


def test_erasure_drops_the_person_and_keeps_the_counts(desk: Desk) -> None:
    """After erasure nothing personal is in view or search; counters stay; the rebuild agrees."""
    ref = named(desk, "ada@example.org", "Ada Lovelace")
    desk.company.busy(ref)
    desk.publish()
    before = desk.get(f"/v1/customers/{ref}")["customer"]["orders"]
    desk.app.vault.destroy([ref], BEGIN)
    desk.company.write("contacts", "ContactErased", f"contact-{ref}", ref, contact_id=ref, aliases=[])
    desk.publish()
    shown = desk.get(f"/v1/customers/{ref}")["customer"]
    assert (shown["profile"], shown["contact_points"], shown["orders"]) == ({}, [], before)
    assert desk.get("/v1/customers", q="lovelace")["items"] == []
    digests = {p["name"]: p["digest"] for p in desk.get("/v1/projections", digest="true")["items"]}
    for name, live in desk.app.folds.lives.items():
        assert desk.web.post(f"/v1/projections/{name}/rebuild", headers=ADMIN).status_code == 202
        live.rebuild.run(live.rebuild.jobs()[0].collection, live.runner(), grace=0)
    assert {p["name"]: p["digest"] for p in desk.get("/v1/projections", digest="true")["items"]} == digests


def test_two_clocks(desk: Desk) -> None:
    """`as_of` bounds what had happened, `known_at` what was known, identities included."""
    refs = populate(desk.company, customers=2, rounds=1)
    early = BEGIN + timedelta(days=400)
    desk.company.write("sales", "OrderPlaced", "order-late", refs[0], at=early, order_id="late",
                       order_no="late", lines=[], total={"amount": 5, "currency": "GBP"})  # fmt: skip
    desk.publish()
    path = f"/v1/customers/{refs[0]}"
    assert desk.get(path)["customer"]["orders"]["count"] == 2
    before = (early - timedelta(days=1)).isoformat()
    assert desk.get(path, as_of=before)["customer"]["orders"]["count"] == 1
    assert desk.ask(path, as_of="2020-01-01T00:00:00Z").status_code == 404
    assert desk.ask(path, known_at=(BEGIN - timedelta(days=1)).isoformat()).status_code == 404
    assert desk.get(path, known_at="2030-01-01T00:00:00Z")["customer"] == desk.get(path)["customer"]


def test_timeline_pages_through_everything_once(desk: Desk) -> None:
    """Newest first, each entry once, whatever the page size; filters by channel and type."""
    refs = populate(desk.company, customers=2)
    desk.publish()
    path, query, seen = f"/v1/customers/{refs[0]}/timeline", {"limit": "4"}, []
    while True:
        page = desk.get(path, **query)
        seen += page["items"]
        if not page["next_cursor"]:
            break
        query["cursor"] = page["next_cursor"]
    assert len(seen) == len({item["id"] for item in seen})
    assert [i["at"] for i in seen] == sorted((i["at"] for i in seen), reverse=True)
    group = {refs[0], f"{refs[0]}-mail"}
    assert {i["id"] for i in seen} == {e.id for e in desk.company.events() if e.meta.customer in group}
    orders = desk.get(path, type="OrderPlaced")["items"]
    assert orders
    assert all("placed for" in item["text"] for item in orders)
    assert {i["channel"] for i in desk.get(path, channel="call_center")["items"]} == {"call_center"}


def test_provenance_names_the_events(desk: Desk) -> None:
    """The count of a section is the number of events listed behind it."""
    refs = populate(desk.company, customers=2)
    desk.publish()
    view = desk.get(f"/v1/customers/{refs[0]}")["customer"]
    for section, source in view["provenance"].items():
        events = desk.get(f"/v1/customers/{refs[0]}/provenance/{section}")["events"]
        assert (len(events), events[0]["id"]) == (source["events"], source["by"])


def test_read_your_writes(desk: Desk) -> None:
    """`min_version` is answered once it is in the view; else 503 with Retry-After."""
    refs = populate(desk.company, customers=2)
    desk.publish()
    position = len(desk.company.logs["sales"])
    path = f"/v1/customers/{refs[0]}"
    assert desk.ask(path, min_version=f"sales:{position}").status_code == 200
    late = desk.ask(path, min_version=f"sales:{position + 1}", wait="0")
    assert (late.status_code, late.headers["Retry-After"]) == (503, "1")
    assert desk.ask(path, min_version="nonsense").status_code == 422


def test_a_source_away_or_ahead_is_named(desk: Desk) -> None:
    """Lag is measured against the source's log: unknown while it is away, counted while it is ahead."""
    refs = populate(desk.company, customers=2)
    desk.publish()
    desk.source("support").away = True
    desk.company.busy(refs[0])
    desk.source("sales").events = desk.company.logs["sales"]
    answer = desk.get(f"/v1/customers/{refs[0]}")
    assert answer["unreachable"] == ["support"]
    assert answer["lag"]["support"] is None
    assert answer["behind"] == ["sales"]
    ledger = desk.get("/v1/ledger")
    assert ledger["unreachable"] == ["support"]
    assert {j["service"]: j["difference"] for j in ledger["journal"]}["sales"] == answer["lag"]["sales"]
    assert ledger["sources"]["sales"][0]["difference"] == 0


def test_metrics_equal_the_sums_over_the_log(desk: Desk) -> None:
    """Revenue, contacts and deals are the sums of the events, with and without a customer."""
    populate(desk.company)
    desk.publish()
    placed = [e.data["total"] for e in desk.company.logs["sales"] if e.type == "OrderPlaced"]
    year = {"from": "2026-01-01", "to": "2027-01-01"}
    assert desk.get("/v1/metrics/orders", **year)["value"] == len(placed)
    pounds = [m["amount"] for m in placed if m["currency"] == "GBP"]
    gross = desk.get("/v1/metrics/gross_revenue", currency="GBP", **year)
    assert (gross["value"], gross["n"]) == (sum(pounds), len(pounds))
    touches = len(desk.company.logs["campaigns"])
    contacts = desk.get("/v1/metrics/attempts_per_contact", **year)
    assert (contacts["numerator"], contacts["n"]) == (2 * touches, touches)
    won = [e for e in desk.company.logs["sales"] if e.type == "OpportunityWon"]
    assert desk.get("/v1/metrics/deals_won", **year)["value"] == len(won)
    top = desk.get("/v1/customers", limit="3", currency="GBP")
    nets = [c["orders"]["value"]["GBP"]["net"] for c in top["items"]]
    assert nets == sorted(nets, reverse=True)


def test_the_ranking_pages_through_everyone_once(desk: Desk) -> None:
    """Without repeats or gaps, ties included; unless told otherwise, in the currency of most orders."""
    for n, currency in enumerate((*("GBP",) * 7, "EUR")):
        money = {"amount": 100 * (n // 3), "currency": currency}
        desk.company.write("sales", "OrderPlaced", f"order-{n}", f"c-{n}", order_id=str(n), order_no=str(n),
                           lines=[], total=money)  # fmt: skip
    desk.publish()
    query, seen = {"limit": "2"}, []
    while True:
        page = desk.get("/v1/customers", **query)
        seen += [item["id"] for item in page["items"]]
        if not page["next_cursor"]:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == ["c-6", "c-3", "c-4", "c-5", "c-0", "c-1", "c-2"]


def test_a_message_that_is_no_event_harms_no_neighbour(desk: Desk) -> None:
    """Garbage is dead-lettered; the events beside it are journaled."""
    populate(desk.company, customers=2)
    good = [delivery(e) for e in desk.company.partitions()["sales", 0]]
    with pytest.raises(Poison) as caught:
        desk.app.reception.receive([Delivery(b"\x00", {}), *good])
    assert caught.value.indexes == {0}
    assert desk.app.journal.head() == len(good)


def test_every_section_is_shown_with_the_events_behind_it(desk: Desk) -> None:
    """A-5: whatever happened to a customer is in the view, and each section leads to its events."""
    desk.company.contact("c-ada", "c-ada-mail")
    desk.company.contact("c-bob", "c-bob-mail")
    for _ in range(2):
        desk.company.busy("c-ada")
    eventful(desk.company, ["c-bob", "c-ada"], rounds=3)
    desk.publish()
    shown = desk.get("/v1/customers/c-ada")["customer"]
    assert set(SECTIONS) <= set(shown)
    assert shown["dates"]
    for name in SECTIONS:
        told, behind = shown["provenance"][name], desk.get(f"/v1/customers/c-ada/provenance/{name}")
        assert (told["events"], told["by"]) == (len(behind["events"]), behind["events"][0]["id"])
    past = desk.get("/v1/customers/c-ada", as_of=(BEGIN + timedelta(days=400)).isoformat())["customer"]
    assert past.keys() == shown.keys()
    assert past["recent_orders"] == shown["recent_orders"]


def test_every_view_can_be_paged_filtered_and_asked_as_of(desk: Desk) -> None:
    """A-2: lines with their freshness, by period or customer; a filter that is none is refused by name."""
    refs = populate(desk.company, customers=2, rounds=1)
    eventful(desk.company, refs, rounds=2)
    desk.publish()
    for view in desk.get("/v1/views")["items"]:
        of_one = {"customer": refs[1]} if "customer" in view["filters"] else {"month": "2026-01"}
        query = {"week": "2026-W01"} if view["name"] == "adoption" else of_one
        found = desk.get(f"/v1/views/{view['name']}", **query)
        assert found["items"], view["name"]
        assert found["lag"]["sales"] == 0
    orders = [e for e in desk.company.logs["sales"] if e.type == "OrderPlaced"]
    january = {e.stream for e in orders if f"{e.occurred_at:%m}" == "01"}
    first = desk.get("/v1/views/orders", month="2026-01", limit="2")
    rest = desk.get("/v1/views/orders", month="2026-01", cursor=first["next_cursor"], limit="200")
    assert {item["id"] for item in first["items"] + rest["items"]} == january
    assert desk.get("/v1/views/orders", month="2026-01", as_of=BEGIN.isoformat())["items"] == []
    refused = desk.ask("/v1/views/channel_mix", customer="c-0001")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "?customer")
    assert desk.ask("/v1/views/nothing").status_code == 404


def test_reminders_are_due_on_their_day(desk: Desk) -> None:
    """Row 96: the birthday opens only to who may see it; another day has another list."""
    ref = named(desk, "ada@example.com", "Ada Lovelace")
    to = desk.app.vault.seal(ref, f"contact-{ref}", {"to": "1985-05-03"}, ("to",))
    desk.company.write("contacts", "ProfileAttributeChanged", f"contact-{ref}", ref, contact_id=ref,
                       field="birth_date", source="web", **to)  # fmt: skip
    desk.publish()
    due = desk.get("/v1/reminders", on="2026-05-03")
    assert due["items"] == [{"customer": ref, "kind": "birthday", "years": None}]
    assert desk.get("/v1/reminders", on="2026-05-04")["items"] == []
    (coming,) = desk.get(f"/v1/customers/{ref}", as_of="2027-05-01T00:00:00Z")["customer"]["dates"]
    assert (coming["kind"], coming["in_days"]) == ("birthday", 2)


def test_the_view_says_what_a_customer_is_worth(desk: Desk) -> None:
    """RFM and predictions stand in the view, as of any moment; who had not bought by then has neither."""
    ref, *_ = populate(desk.company, customers=3, rounds=4)
    desk.publish()
    then = desk.get(f"/v1/customers/{ref}", as_of="2027-01-01T00:00:00Z")["customer"]
    bought = then["orders"]["count"] - then["orders"].get("cancellations", 0)
    assert then["rfm"]["frequency"] == bought
    assert then["rfm"]["recency_days"] > 0
    assert then["rfm"]["monetary"]["currency"] in then["orders"]["value"]
    assert then["predictions"]["purchases"]["days"] <= bought
    assert then["predictions"]["alive"]["reason"] == "the model has not been fitted yet"
    known = desk.get(f"/v1/customers/{ref}", as_of="2027-01-01T00:00:00Z", known_at="2026-01-01T00:00:00Z")
    assert known["customer"]["rfm"] is None
