"""A contact together with everything that was merged into it, and the events that count for them."""

from collections.abc import Iterable, Sequence

from services.contacts.domain.contact import Contact
from shared.decide import Streams
from shared.events import Event
from shared.store.port import Store


def group_of(contacts: Streams[Contact], survivor: str) -> dict[str, Contact]:
    """Return the survivor and everything that was ever merged into it, by id; empty when there is none."""
    group: dict[str, Contact] = {}
    waiting: Sequence[str] = [survivor]
    while waiting:
        loaded = contacts.load(waiting, fresh=True)
        group |= {key: found.state for key, found in loaded.items() if found.version}
        waiting = sorted({a for found in loaded.values() for a in found.state.absorbed} - set(group))
    return group


def events_of(store: Store, group: Iterable[str]) -> list[Event]:
    """Return the events of these contacts, without those that went with a contact that was restored (C-3).

    A restored contact has the events that were moved to it.
    """
    members = set(group)
    own, others = _own_and_former(store, members)
    gone, came = _gone_and_came(members, own, others)
    return [*(e for e in own if e.id not in gone), *(e for e in others if e.id in came)]


def moved_of(store: Store, group: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the ids of events, of any service, that went away from these contacts and that came."""
    members = set(group)
    return _gone_and_came(members, *_own_and_former(store, members))


def _own_and_former(store: Store, members: set[str]) -> tuple[list[Event], list[Event]]:
    own = _of_streams(store, members)
    former = {str(e.data["from_id"]) for e in own if e.type == "ContactRestored"} - members
    return own, _of_streams(store, former)


def _gone_and_came(members: set[str], own: list[Event], others: list[Event]) -> tuple[set[str], set[str]]:
    gone = {moved for key, moved in _moved(own) if key not in members}
    return gone, {moved for key, moved in _moved(others) if key in members}


def _of_streams(store: Store, contacts: Iterable[str]) -> list[Event]:
    streams = store.read_streams([f"contact-{key}" for key in sorted(contacts)])
    return [event for events in streams.values() for event in events]


def _moved(events: Iterable[Event]) -> list[tuple[str, str]]:
    """Return restored contact and event of all that was moved."""
    undone = [e.data for e in events if e.type == "ContactsUnmerged"]
    return [(said["absorbed_id"], moved) for said in undone for moved in said.get("moved_event_ids") or ()]
