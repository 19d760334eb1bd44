"""Receiving: everything is applied once, counted once, and what can't be applied is kept with its reason."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from functools import partial

from bson import BSON
from hypothesis import given
from hypothesis import strategies as st

from shared.consume.delivery import CloudEvent, Delivery, parse
from shared.errors import Rejected
from shared.receive import Heard
from shared.receive.accounts import Item
from shared.receive.plan import Plan
from shared.receive.records import QUARANTINE
from tests.unit.contacts.desk import Desk, delivery, seen


def reasons(desk: Desk) -> list[tuple[str, str]]:
    """Pointer and detail of everything in quarantine."""
    items = desk.store.documents[QUARANTINE].values()
    return [(r["pointer"], r["detail"]) for item in items for r in item["reasons"]]


def test_a_repeated_event_is_counted_as_a_duplicate() -> None:
    """The same id and content twice, in one batch or in two, leaves one event."""
    desk = Desk()
    event = seen("1", email="anna@example.org")
    desk.receive(event, event)
    desk.receive(event)
    assert desk.types("InteractionRecorded") == ["InteractionRecorded"]
    assert desk.ledger() == {"received": 3, "applied": 1, "duplicate": 2}


def test_other_content_under_a_known_id_is_quarantined() -> None:
    """It is not dropped: the reason and the original bytes are kept."""
    desk = Desk()
    desk.receive(seen("1", email="anna@example.org"), seen("1", email="bob@example.org"))
    (item,) = desk.store.documents[QUARANTINE].values()
    body = desk.vault.open(item["body"], f"quarantine-{item['_id']}", "body")
    assert reasons(desk) == [("/id", "was used before by this source for other content")]
    assert b"bob@example.org" in b64decode(body or "")


def test_a_bad_event_is_quarantined_and_its_neighbours_go_through() -> None:
    """Wrong field, unknown type, no JSON, unknown content type, a clock far off: each has its reason."""
    desk = Desk()
    ahead, old = seen(email="c@example.org"), seen(email="d@example.org")
    desk.receive(
        seen(email="a@example.org"),
        delivery("channel.web.page_viewed.v1", {"page": 7, "colour": "red"}),
        delivery("channel.web.nonsense.v1", {}),
        Delivery(b"{", seen().headers, "application/json"),
        Delivery(b"\x00\xff", {}, "application/x-unknown"),
        Delivery(ahead.body, {**ahead.headers, "ce-time": "2126-01-01T00:00:00Z"}, "application/json"),
        Delivery(old.body, {**old.headers, "ce-time": "0001-01-01T00:00:00Z"}, "application/json"),
        seen(email="b@example.org"),
    )
    assert desk.types("InteractionRecorded") == ["InteractionRecorded"] * 2
    told = dict(reasons(desk))
    assert told["/data/page"] == "Not a valid string."
    assert told["/data/colour"] == "Unknown field."
    assert "nonsense" in told["/type"]
    assert "is not JSON" in told["/data"]
    assert "application/x-unknown" in told["/datacontenttype"]
    times = [why for where, why in reasons(desk) if where == "/time"]
    assert any("ahead of the clock" in why for why in times)
    assert "lies before 1900" in times


def test_what_no_store_or_message_could_hold_is_quarantined_with_its_reason() -> None:
    """A name beyond a message's, a NUL, bytes that are no text: each is kept as a document can hold it."""
    desk, good = Desk(), seen(email="a@example.org")
    long, view = "💥" * 64, "channel.web.page_viewed.v1"
    desk.receive(
        delivery(view, {"page": "/"}, long),
        Delivery(good.body, {**good.headers, "ce-correlationid": "x" * 130_000}, "application/json"),
        delivery(view, {"page": "a\0b"}),
        Delivery(good.body, {**good.headers, "ce-id": "\udcff", "\0\udcff": 1}, "application/json"),
        Delivery(b"{}", {}, "\udcff/json", message_id="\udcff"),
        good,
    )
    for item in desk.store.documents[QUARANTINE].values():
        assert BSON.encode(item)
    told = dict(reasons(desk))
    assert told["/id"] in ("is longer than 200 bytes of UTF-8", "is not UTF-8")
    assert told["/correlationid"] == "is longer than 200 bytes of UTF-8"
    assert told["/data/page"] == "may not contain a NUL character"
    assert len(desk.store.documents[QUARANTINE]) == 5
    assert desk.types("InteractionRecorded") == ["InteractionRecorded"]


def test_events_for_other_services_are_heard_and_counted_but_not_applied() -> None:
    """Contacts learns who ordered; the order itself is the business of sales."""
    desk = Desk()
    line = {"sku": "a", "quantity": 1, "unit_price": "2.50"}
    order = {"order_no": "1", "currency": "GBP", "lines": [line], "customer": {"email": "anna@example.org"}}
    desk.receive(delivery("channel.web.order_placed.v1", order))
    assert desk.contact("email", "anna@example.org")
    assert desk.ledger() == {"heard_sales": 1}


def test_contradictions_of_events_for_other_services_are_left_to_their_owner() -> None:
    """One service answers for an event: nothing of another's lies in this one's quarantine and ledger."""
    desk = Desk()
    desk.receive(
        *(delivery("channel.erp.order_shipped.v1", {"order_no": number}, "1") for number in ("1", "2", "1"))
    )
    assert not desk.store.documents.get(QUARANTINE)
    assert desk.ledger() == {"heard_sales": 1}


@given(st.lists(st.sampled_from(["1", "2", "3", "bad"]), max_size=12), st.randoms(use_true_random=False))
def test_the_ledger_adds_up_whatever_is_delivered(ids: list[str], random: object) -> None:
    """received = applied + duplicate + quarantined, for any deliveries in any batches."""
    desk = Desk()
    while ids:
        size = random.randint(1, len(ids))  # type: ignore[attr-defined]
        batch, ids = ids[:size], ids[size:]
        desk.receive(
            *(delivery("channel.web.page_viewed.v1", {"page": "/"} if i != "bad" else {}, i) for i in batch)
        )
    found = desk.ledger()
    parts = sum(found.get(name, 0) for name in ("applied", "duplicate", "quarantined", "suppressed"))
    assert found.get("received", 0) == parts


def test_an_event_that_breaks_the_code_is_isolated_and_its_neighbours_go_through() -> None:
    """A defect met by one event never stops a partition: the event is quarantined with the failure's name."""
    desk = Desk()
    plan = desk.receiver.planner.plan

    def defective(heard: Sequence[Heard], fresh: bool) -> list[Plan | Rejected]:
        if any(h.data["page"] == "/crash" for h in heard):
            raise OverflowError("a defect")
        return plan(heard, fresh)

    desk.receiver.planner.plan = defective  # type: ignore[method-assign]
    desk.receive(*(delivery("channel.web.page_viewed.v1", {"page": page}) for page in ("/a", "/crash", "/b")))
    assert desk.types("InteractionRecorded") == ["InteractionRecorded"] * 2
    assert reasons(desk) == [("/data", "could not be applied: OverflowError")]
    assert desk.ledger() == {"received": 3, "applied": 2, "quarantined": 1}


def test_an_event_that_breaks_the_code_that_reads_it_is_kept_too() -> None:
    """It holds up neither its neighbours nor its queue."""
    desk = Desk()
    hear = desk.receiver.ear.hear

    def defective(event: CloudEvent) -> Heard:
        if event.attributes["id"] == "bad":
            raise RecursionError
        return hear(event)

    desk.receiver.understand = partial(_understood, defective)  # type: ignore[method-assign]
    desk.receive(*(delivery("channel.web.page_viewed.v1", {"page": "/"}, key) for key in ("1", "bad", "2")))
    assert desk.types("InteractionRecorded") == ["InteractionRecorded"] * 2
    assert reasons(desk) == [("", "could not be applied: RecursionError")]


def _understood(hear: Callable[[CloudEvent], Heard], delivery: Delivery) -> Item:
    event = parse(delivery)
    return Item(delivery, event, hear(event))
