"""A customer view as people read it: one line per section, amounts in their currency."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.cli.show import money

View = Mapping[str, Any]


def portrait(view: View) -> dict[str, str]:
    """Return the lines of a customer by their names, sections without content left out."""
    lines = {"id": str(view["id"]), "name": name_of(view) or "", "known as": points_of(view)}
    for section, write in _SECTIONS.items():
        if view.get(section):
            lines[section.replace("_", " ")] = write(view[section])
    return {name: line for name, line in lines.items() if line}


def name_of(view: View) -> str | None:
    """Return the customer's name, as far as it is known."""
    profile = view.get("profile", {})
    names = [profile[part]["value"] for part in ("name", "given_name", "family_name") if part in profile]
    return " ".join(filter(None, names)) or None


def points_of(view: View) -> str:
    """Return what the customer is known by."""
    return ", ".join(f"{p.get('kind')}:{p.get('value')}" for p in view.get("contact_points", []))


def _identity(part: View) -> str:
    number = len(part.get("contacts", []))
    merged = f", {number} contacts merged into one" if number > 1 else ""
    return f"{part.get('lifecycle')}{merged}, first seen {part.get('first_seen')}"


def _channels(part: View) -> str:
    seen = sorted(part.items(), key=lambda item: (-item[1]["interactions"], item[0]))
    return ", ".join(f"{name} {channel['interactions']}" for name, channel in seen)


def _orders(part: View) -> str:
    values = (
        f"{money(v['net'], currency)} net ({money(v['gross'], currency)} gross)"
        for currency, v in part.get("value", {}).items()
    )
    return ", ".join([f"{part.get('count', 0)} placed, {part.get('returns', 0)} returned", *values])


def _opportunities(part: View) -> str:
    closed = ", ".join(f"{part[how]['count']} {how}" for how in ("won", "lost") if part.get(how))
    return ", ".join(filter(None, [f"{len(part.get('open', {}))} open", closed]))


def _campaigns(part: View) -> str:
    return f"{part.get('touches', 0)} touches, {part.get('responses', 0)} responses"


def _tickets(part: View) -> str:
    opened = ", ".join(f"{number} {ticket['status']}" for number, ticket in part.get("open", {}).items())
    return f"{part.get('opened', 0)} opened, {part.get('closed', 0)} closed" + (
        f"; {opened}" if opened else ""
    )


def _last_contact(part: View) -> str:
    return f"{part['kind']} in {part['channel']} at {part['at']}"


_SECTIONS: Mapping[str, Callable[[Any], str]] = {
    "identity": _identity,
    "channels": _channels,
    "orders": _orders,
    "opportunities": _opportunities,
    "campaigns": _campaigns,
    "tickets": _tickets,
    "last_contact": _last_contact,
    "erased_at": str,
}
