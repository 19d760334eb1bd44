"""What the person allows: of every purpose and channel the statement that counts (C-5)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State
from shared.events import Event

ALL = "all"
PROOF = ("legal_basis", "text_version", "evidence", "expires_at", "via")


def entry_of(event: Event) -> dict[str, Any]:
    """Return one statement: granted or withdrawn, for what, and its proof."""
    said = {name: event.data[name] for name in ("purpose", "channel", *PROOF) if name in event.data}
    times = {"at": event.occurred_at, "recorded_at": event.recorded_at, "by": event.id}
    return {**said, "granted": event.type == "ConsentGranted", **times}


def rank(entry: State) -> tuple[datetime, datetime, bool, str]:
    """Return the place of a statement: the latest counts, then the latest recorded, then the withdrawal."""
    return entry["at"], entry["recorded_at"], not entry["granted"], entry["by"]


def project(consents: State, event: Event) -> dict[str, Any]:
    """Keep the statement that counts; one that arrives late and is older changes nothing."""
    entry, key = entry_of(event), f"{event.data['purpose']}/{event.data['channel']}"
    known = consents.get(key)
    return {**consents, key: entry if known is None or rank(entry) > rank(known) else known}


def in_force(consents: State, at: datetime) -> dict[str, Any]:
    """Return every purpose and channel with the statement that counts, and whether it allows at that moment.

    A withdrawal for `all` speaks of every purpose or channel; a consent that has expired allows nothing.
    """
    return {key: {**entry, "allowed": _allowed(consents, entry, at)} for key, entry in consents.items()}


def _allowed(consents: State, entry: State, at: datetime) -> bool:
    last = counting(consents, entry["purpose"], entry["channel"])
    expires = last.get("expires_at")
    return bool(last["granted"]) and (expires is None or datetime.fromisoformat(expires) > at)


def counting(consents: State, purpose: str, channel: str) -> State:
    """Return the statement that counts for a purpose and a channel of which something was said."""
    return max(_covering(consents, purpose, channel), key=rank)


def _covering(consents: State, purpose: str, channel: str) -> Iterator[State]:
    for entry in consents.values():
        if entry["purpose"] in (purpose, ALL) and entry["channel"] in (channel, ALL):
            yield entry


TYPES = frozenset({"ConsentGranted", "ConsentWithdrawn"})
SECTION = Section("consents", TYPES, project, show=in_force)
