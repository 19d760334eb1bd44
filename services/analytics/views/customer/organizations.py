"""For which organizations the person acts, in which role, from when to when."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State
from shared.events import Event


def project(organizations: State, event: Event) -> dict[str, Any]:
    """One entry per role, with a period for every time the person had it; history is kept."""
    data = event.data
    key = f"{data['organization_id']}/{data['role']}/{data['contact_id']}"
    known = organizations.get(key) or {
        "organization_id": data["organization_id"], "role": data["role"], "periods": [],
    }  # fmt: skip
    if event.type == "ContactLinked":
        return {**organizations, key: {**known, "periods": [*known["periods"], {"from": data["valid_from"]}]}}
    *before, last = known["periods"] or [{}]
    return {**organizations, key: {**known, "periods": [*before, {**last, "to": data["valid_to"]}]}}


SECTION = Section("organizations", frozenset({"ContactLinked", "ContactUnlinked"}), project)
