"""The customer view as the terminal shows it."""

from shared.cli.portrait import portrait

VIEW = {
    "id": "c-1",
    "identity": {"lifecycle": "customer", "contacts": ["c-1", "c-2"], "first_seen": "2026-05-01T10:00:00Z"},
    "profile": {"name": {"value": "Ada King"}},
    "contact_points": [{"kind": "email", "value": "ada@example.com"}],
    "channels": {"web": {"interactions": 1}, "store": {"interactions": 2}},
    "orders": {
        "count": 2,
        "value": {"JPY": {"net": 1500, "gross": 1500}, "GBP": {"net": 4475, "gross": 8950}},
    },
    "opportunities": {"open": {"O1": {}}, "won": {"count": 1}},
    "tickets": {"opened": 2, "closed": 1, "open": {"T2": {"status": "open"}}},
    "last_contact": {"kind": "order", "channel": "store", "at": "2026-05-02T10:00:00Z"},
}


def test_every_section_is_one_line() -> None:
    """Sections are sentences; amounts have the digits of their currency."""
    shown = portrait(VIEW)
    assert shown["identity"].startswith("customer, 2 contacts merged into one")
    assert shown["channels"] == "store 2, web 1"
    assert (
        shown["orders"]
        == "2 placed, 0 returned, 1,500 JPY net (1,500 JPY gross), 44.75 GBP net (89.50 GBP gross)"
    )
    assert shown["opportunities"] == "1 open, 1 won"
    assert shown["tickets"] == "2 opened, 1 closed; T2 open"


def test_what_is_not_known_is_not_shown() -> None:
    """An erased or new customer has fewer lines, and no empty ones."""
    assert portrait({"id": "c-1", "profile": {}, "erased_at": "2026-05-03T10:00:00Z"}) == {
        "id": "c-1",
        "erased at": "2026-05-03T10:00:00Z",
    }
