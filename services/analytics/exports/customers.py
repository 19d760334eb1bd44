"""The table of customers: what is known of each, without a name unless it may be seen."""

from collections.abc import Iterable
from typing import Any

from services.analytics.exports.table import People, Row, Table, View, columns
from services.analytics.views.customer.identity import lifecycle
from shared.events.clock import Clock
from shared.privacy import Vault
from shared.privacy.keeping import over
from shared.privacy.sealing import is_sealed

PROFILE = ("name", "given_name", "family_name", "country", "birth_date")
POINTS = ("email", "phone")
PERSONAL = (*PROFILE, *POINTS)


def customer(view: View) -> Row:
    """Return what is not personal."""
    orders, leading = view.get("orders", {}), view.get("leading", {})
    identity, tickets = view.get("identity", {}), view.get("tickets", {})
    return {
        "customer": view["_id"], "lifecycle": lifecycle(identity), "erased": "erased_at" in view,
        "first_seen": identity.get("first_seen"), "last_seen": identity.get("last_seen"),
        "orders": orders.get("count", 0), "first_order_at": orders.get("first_at"),
        "last_order_at": orders.get("last_at"), "currency": leading.get("currency"),
        "net": leading.get("net"),
        "tickets": tickets.get("opened", 0), "open_tickets": len(tickets.get("open", {})),
    }  # fmt: skip


def sealed_of(views: Iterable[View]) -> list[str]:
    """Return the sealed texts that `personal` opens of these customers."""
    return [part["value"] for view in views for _, part, _ in _parts(view) if is_sealed(part["value"])]


def personal(vault: Vault, clock: Clock) -> Any:
    """Return what adds the personal columns; they are null when the person is erased or retention is over."""

    def opened(view: View) -> Row:
        found: Row = dict.fromkeys(PERSONAL)
        for name, part, field in _parts(view):
            value = "" if over(part, clock()) else part["value"]
            text = vault.open(value, part["stream"], field) if is_sealed(value) else value
            found[name] = found[name] or text or None
        return found

    return opened


def _parts(view: View) -> Iterable[tuple[str, View, str]]:
    for name, part in view.get("profile", {}).items():
        if name in PROFILE:
            yield name, part, "to"
    points = view.get("contact_points", {}).get("items", {})
    for _, point in sorted(points.items(), key=lambda each: (not each[1].get("primary"), each[0])):
        if point["kind"] in POINTS:
            yield point["kind"], point, "value"


def customers(vault: Vault, clock: Clock) -> Table:
    """Return the table; its personal columns need the vault, and the clock to tell when retention is over."""
    return Table("customers", 1, "One row per customer, as merged by now.", ("customer",), None, columns(
        PERSONAL, customer="text: the customer", lifecycle="text: anonymous, prospect or customer",
        erased="flag: whether personal data were erased", first_seen="moment: first contact",
        last_seen="moment: last contact", orders="integer: orders placed", first_order_at="moment: the first",
        last_order_at="moment: the last", currency="text: of the largest gross value",
        net="integer: net value in it", tickets="integer: tickets opened",
        open_tickets="integer: of them open",
        name="text: as told last", given_name="text: as told last", family_name="text: as told last",
        country="text: as told last", birth_date="text: as told last",
        email="text: the primary one, else any",
        phone="text: the primary one, else any",
    ), People(customer, personal(vault, clock)))  # fmt: skip
