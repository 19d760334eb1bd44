"""Answering about a person: sealed values are opened here and nowhere else, and masked without the scope."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.analytics.views.customer import SECTIONS
from services.analytics.views.customer.dates import dates
from services.analytics.views.customer.identity import lifecycle
from shared.events.clock import Clock
from shared.http.auth import Principal
from shared.privacy import Vault
from shared.privacy.keeping import KEEP_UNTIL, over
from shared.privacy.sealing import is_sealed

SCOPE = "pii:read"
MASK = "***"
BIRTH_DATE = "birth_date"
HIDDEN = ("_id", "leading", "profile", "contact_points", "identity", "notes")
View = Mapping[str, Any]


class Persons:
    """Turns customer views of any moment into answers; what retention is over for by now stays closed."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault, self._clock = vault, clock

    def shown(self, view: View, principal: Principal, at: datetime) -> dict[str, Any]:
        """Return the view as the caller may see it, with what follows from it at that moment."""
        open_ = principal.may(SCOPE)
        profile = {name: part | {"value": text} for name, part, text in self._profile(view, open_)}
        born = profile.get(BIRTH_DATE, {}).get("value") if open_ else None
        return {
            "id": view["_id"],
            "identity": _identity(view.get("identity", {})),
            "profile": profile,
            "contact_points": list(self._items(view.get("contact_points", {}), "value", open_)),
            "notes": list(self._items(view.get("notes", {}), "subject", open_)),
            **{name: _part(name, part, at) for name, part in view.items() if name not in HIDDEN},
            "dates": dates(view, born, at.date()),
        }

    def _profile(self, view: View, open_: bool) -> Iterator[tuple[str, dict[str, Any], str | None]]:
        for name, part in view.get("profile", {}).items():
            if not part["value"] or over(part, self._clock()):
                continue  # cleared, or kept as long as it may be
            known = {k: v for k, v in part.items() if k not in ("stream", "value", KEEP_UNTIL)}
            yield name, known, self._text(part, "value", "to", open_)

    def _items(self, part: View, name: str, open_: bool) -> Iterator[dict[str, Any]]:
        for item in part.get("items", {}).values():
            known = {k: v for k, v in item.items() if k != "stream"}
            yield known | {name: self._text(item, name, name, open_)}

    def _text(self, part: View, name: str, sealed_as: str, open_: bool) -> str | None:
        value = part.get(name)
        if value is None or not open_:
            return value and MASK
        return self._vault.open(value, part["stream"], sealed_as) if is_sealed(value) else value


def _part(name: str, part: Any, at: datetime) -> Any:
    section = SECTIONS.get(name)
    return section.show(part, at) if section and section.show else part


def _identity(identity: View) -> dict[str, Any]:
    linked = sorted(set(identity.get("linked", {}).values()))
    known = {name: identity.get(name) for name in ("first_seen", "last_seen")}
    return {
        "contacts": identity.get("contacts", []),
        "linked": linked,
        "lifecycle": lifecycle(identity),
        **known,
    }
