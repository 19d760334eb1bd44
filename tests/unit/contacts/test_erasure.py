"""Erasing a person destroys the keys of everything they were known by."""

from shared.privacy.sealing import is_sealed
from shared.receive.records import QUARANTINE
from tests.unit.contacts.desk import Desk, delivery, seen

SECRETS = ("Anna Able", "anna@example.org", "+442079460958", "LOYAL-17")


def sealed_values(desk: Desk) -> list[tuple[str, str, str]]:
    """Every sealed value of the log, with its place."""
    events = desk.store.events
    return [(v, e.stream, name) for e in events for name, v in e.data.items() if is_sealed(v)]


def anna(desk: Desk) -> str:
    """Report Anna through three channels, merged from two contacts, with one item in quarantine."""
    desk.receive(seen(email="anna@example.org", name="Anna Able"), seen(loyalty_id="LOYAL-17"))
    desk.receive(seen(loyalty_id="LOYAL-17", email="anna@example.org", phone="+442079460958"))
    desk.receive(seen("1", email="anna@example.org"), seen("1", email="anna@example.org", name="Other"))
    return desk.contact("email", "anna@example.org") or ""


def test_no_sealed_value_of_an_erased_person_opens() -> None:
    """Log and quarantine go dark, under every ref the person had."""
    desk = Desk()
    receipt = desk.erasure.erase(anna(desk), "request-1", desk.context())
    assert receipt["keys_destroyed"] == 3
    assert {desk.vault.open(*value) for value in sealed_values(desk)} == {None}
    (item,) = desk.store.documents[QUARANTINE].values()
    assert desk.vault.open(item["body"], f"quarantine-{item['_id']}", "body") is None


def test_the_log_holds_no_personal_text_in_the_clear() -> None:
    """Before any erasure, too, a dump of the log and its documents tells nobody's name or address."""
    desk = Desk()
    anna(desk)
    dump = repr([e.data for e in desk.store.events]) + repr(desk.store.documents)
    assert [secret for secret in SECRETS if secret in dump] == []


def test_events_of_an_erased_person_are_suppressed_and_nothing_comes_back() -> None:
    """What channels still report about them is counted and not kept."""
    desk = Desk()
    desk.erasure.erase(anna(desk), "request-1", desk.context())
    before = len(desk.store.events)
    desk.receive(seen("9", email="anna@example.org", name="Anna Able"))
    assert len(desk.store.events) == before
    assert desk.ledger()["suppressed"] == 1
    assert desk.contact("email", "anna@example.org") is None


def test_what_was_refused_about_an_erased_person_goes_dark_and_is_kept_no_more() -> None:
    """An event that its contract refuses is sealed for whoever it names, however wrong the rest of it."""
    desk = Desk()
    contact = anna(desk)
    wrong = {"pages": 7, "customer": {"loyalty_id": 12, "email": " ANNA@example.org", "name": "Anna Able"}}
    desk.receive(delivery("channel.web.page_viewed.v1", wrong, "8"))
    desk.erasure.erase(contact, "request-1", desk.context())
    items = desk.store.documents[QUARANTINE].values()
    assert {desk.vault.open(i["body"], f"quarantine-{i['_id']}", "body") for i in items} == {None}
    desk.receive(*[delivery("channel.web.page_viewed.v1", wrong, "9")] * 2)
    assert len(desk.store.documents[QUARANTINE]) == len(items) == 2
    assert desk.ledger()["suppressed"] == 1


def test_erasure_may_be_repeated() -> None:
    """A second request, or one after a crash in the middle, gives a receipt and no second event."""
    desk = Desk()
    contact = anna(desk)
    desk.erasure.erase(contact, "request-1", desk.context())
    assert desk.erasure.erase(contact, "request-1", desk.context())["event_id"] is None
    assert desk.types("ContactErased") == ["ContactErased"]


def test_others_stay_readable() -> None:
    """Erasing one person leaves the neighbours' values open."""
    desk = Desk()
    desk.receive(seen(email="bob@example.org", name="Bob"))
    desk.erasure.erase(anna(desk), "request-1", desk.context())
    opened = [desk.vault.open(*value) for value in sealed_values(desk)]
    assert "Bob" in opened
    desk.receive(
        delivery("channel.web.page_viewed.v1", {"page": "/", "customer": {"email": "bob@example.org"}})
    )
    assert desk.types("InteractionRecorded")[-1:] == ["InteractionRecorded"]
