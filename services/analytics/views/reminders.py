"""Days of the year to remember a customer on: birthday and first order, found by the day.

A birthday is kept as a keyed hash of its day, never as a date; an erasure and the end of its retention take
it away.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from services.analytics.views.customer.dates import in_year, parsed
from services.analytics.views.latest import State, earliest, later, stamp
from shared.events import Event
from shared.identity import Refs
from shared.privacy.sealing import is_sealed
from shared.project.projection import Projection

Open = Callable[[str, str, str], str | None]
Fetch = Callable[[Iterable[str]], object]
BIRTH_DATE, BIRTHDAY, ANNIVERSARY = "birth_date", "birthday", "first_order_anniversary"
TYPES = frozenset({"ProfileAttributeChanged", "ProfileAttributeExpired", "OrderPlaced", "ContactErased"})


def token(refs: Refs, kind: str, day: date) -> str:
    """Return what a day of the year is found by."""
    said = f"{kind}:{day:%m-%d}"
    return refs.digest(said) if kind == BIRTHDAY else said


def tokens_on(refs: Refs, kinds: Iterable[str], day: date) -> dict[str, str]:
    """Return token -> kind of what returns on a day; 29 February returns on the 28th in other years."""
    leap = date(2000, 2, 29)
    days = [day, leap] if in_year(leap, day.year) == day and day.day != leap.day else [day]
    return {token(refs, kind, one): kind for kind in kinds for one in days}


def reminders_projection(open_: Open, refs: Refs, fetch: Fetch | None = None) -> Projection:
    """Return the projection; its fold is pure but for `open_`, which answers None for the erased."""

    def birthday(event: Event) -> str | None:
        value = event.data.get("to", "")
        text = open_(value, event.stream, "to") if is_sealed(value) else value
        born = parsed(text) if text else None
        return token(refs, BIRTHDAY, born) if born else None

    def project(view: State | None, event: Event) -> dict[str, Any]:
        known = dict(view or {})
        if event.type == "ContactErased":
            known = {"erased": True, **({"first_at": known["first_at"]} if "first_at" in known else {})}
        elif event.type == "OrderPlaced":
            known["first_at"] = earliest(known.get("first_at"), event.occurred_at)
        elif _tells(known, event):
            known["birthday"] = stamp(event, token=birthday(event))
        return {**known, "days": _days(known, refs)}

    def prepare(events: Iterable[Event]) -> None:
        if fetch:
            fetch([e.data["to"] for e in events if is_sealed(e.data.get("to"))])

    index = ((("days", 1),),)
    return Projection("reminders", 2, TYPES, project, indexes=index, prepare=prepare)


def _tells(known: State, event: Event) -> bool:
    """Tell whether the event says the date of birth, later than what is known, of somebody not erased."""
    tells = event.data["field"] == BIRTH_DATE and "erased" not in known
    return tells and later(known.get("birthday"), event)


def _days(known: State, refs: Refs) -> list[str]:
    born: str | None = known.get("birthday", {}).get("token")
    first = known.get("first_at")
    return ([born] if born else []) + ([token(refs, ANNIVERSARY, first.date())] if first else [])
