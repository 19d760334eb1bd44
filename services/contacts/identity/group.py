"""A contact together with everything that was merged into it."""

from collections.abc import Sequence

from services.contacts.domain.contact import Contact
from shared.decide import Streams


def group_of(contacts: Streams[Contact], survivor: str) -> dict[str, Contact]:
    """Return the survivor and everything that was ever merged into it, by id; empty when there is none."""
    group: dict[str, Contact] = {}
    waiting: Sequence[str] = [survivor]
    while waiting:
        loaded = contacts.load(waiting, fresh=True)
        group |= {key: found.state for key, found in loaded.items() if found.version}
        waiting = sorted({a for found in loaded.values() for a in found.state.absorbed} - set(group))
    return group
