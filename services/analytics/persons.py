"""Answering about a person: sealed values are opened here and nowhere else, and masked without the scope."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.analytics.views.customer.identity import lifecycle
from shared.http.auth import Principal
from shared.privacy import Vault
from shared.privacy.sealing import is_sealed

SCOPE = "pii:read"
MASK = "***"
View = Mapping[str, Any]


class Persons:
    """Turns stored customer views into answers."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def shown(self, view: View, principal: Principal) -> dict[str, Any]:
        """Return the view as the caller may see it."""
        hidden = ("_id", "leading", "profile", "contact_points", "identity")
        open_ = principal.may(SCOPE)
        return {
            "id": view["_id"],
            "identity": _identity(view.get("identity", {})),
            "profile": {name: part | {"value": text} for name, part, text in self._profile(view, open_)},
            "contact_points": list(self._points(view, open_)),
            **{name: part for name, part in view.items() if name not in hidden},
        }

    def _profile(self, view: View, open_: bool) -> Iterator[tuple[str, dict[str, Any], str | None]]:
        for name, part in view.get("profile", {}).items():
            known = {k: v for k, v in part.items() if k not in ("stream", "value")}
            yield name, known, self._text(part, "to", open_)

    def _points(self, view: View, open_: bool) -> Iterator[dict[str, Any]]:
        for part in view.get("contact_points", {}).get("items", {}).values():
            known = {k: v for k, v in part.items() if k != "stream"}
            yield known | {"value": self._text(part, "value", open_)}

    def _text(self, part: View, field: str, open_: bool) -> str | None:
        value = part["value"]
        if not open_:
            return MASK
        return self._vault.open(value, part["stream"], field) if is_sealed(value) else value


def _identity(identity: View) -> dict[str, Any]:
    linked = sorted(set(identity.get("linked", {}).values()))
    known = {name: identity.get(name) for name in ("first_seen", "last_seen")}
    return {
        "contacts": identity.get("contacts", []),
        "linked": linked,
        "lifecycle": lifecycle(identity),
        **known,
    }
