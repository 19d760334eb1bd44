"""What is held about a person, as people read it; and which fields nobody reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.contacts.domain.contact import Contact
from services.contacts.domain.contact.consent import Entry, effective, entry_of
from services.contacts.domain.standard import STANDARD
from services.contacts.identity.group import events_of, group_of
from services.contacts.identity.index import Index
from shared.contracts.payload import to_data
from shared.decide import Streams
from shared.errors import NotFound
from shared.events import Event
from shared.events.clock import rfc3339
from shared.plan import Declared
from shared.privacy import Vault
from shared.privacy.keeping import over
from shared.privacy.sealing import is_sealed
from shared.store.port import Commit
from shared.store.write import Put

READS = "field_reads"


class Reading:
    """Reads a contact with all that was merged into it. Raises NotFound."""

    def __init__(self, contacts: Streams[Contact], index: Index, vault: Vault, declared: Declared) -> None:
        self._contacts, self._index, self._vault = contacts, index, vault
        self._declared = declared

    def profile(self, key: str, at: datetime) -> dict[str, Any]:
        """Return the profile in the clear, and note which fields were read."""
        latest: dict[str, Event] = {}
        for event in self._events(self._group(key)):
            if event.type in ("ProfileAttributeChanged", "ProfileAttributeExpired"):
                known = latest.get(event.data["field"])
                if known is None or known.occurred_at <= event.occurred_at:
                    latest[event.data["field"]] = event
        read = {name: text for name, e in sorted(latest.items()) if (text := self._text(e, at))}
        self._note(list(read), at)
        return {"profile": read}

    def consents(self, key: str, as_of: datetime) -> dict[str, Any]:
        """Return the ledger and what of it is in force at a moment (C-5)."""
        said = (e for e in self._events(self._group(key)) if e.type in ("ConsentGranted", "ConsentWithdrawn"))
        ledger = [entry_of(self._contacts.decider.revive(event)) for event in said]
        pairs = dict.fromkeys((e.purpose, e.channel) for e in ledger if e.granted)
        found = [(p, c, effective(ledger, p, c, as_of)) for p, c in pairs]
        return {
            "as_of": rfc3339(as_of),
            "effective": [_shown(p, c, entry) for p, c, entry in found],
            "ledger": [to_data(e) for e in sorted(ledger, key=lambda e: (e.occurred_at, e.recorded_at))],
        }

    def unread(self, days: int, now: datetime) -> dict[str, Any]:
        """Return the declared fields that nobody has read here in so many days."""
        plan = self._declared.plan().live
        reads = self._contacts.store.fetch(READS, sorted(plan))
        since = rfc3339(now - timedelta(days=days))
        last = {name: reads.get(name, {}).get("at") for name in plan}
        lines = [{"field": n, "purpose": plan[n].purpose, "last_read_at": at} for n, at in last.items()]
        unread = [line for line in lines if not line["last_read_at"] or str(line["last_read_at"]) < since]
        return {"days": days, "declared": len(plan), "standard": sorted(STANDARD), "unread": unread}

    def _note(self, names: Sequence[str], at: datetime) -> None:
        writes = tuple(Put(READS, {"_id": name, "at": rfc3339(at)}) for name in names)
        if writes:
            self._contacts.store.commit([Commit((), writes)])

    def _group(self, key: str) -> dict[str, Contact]:
        group = group_of(self._contacts, self._index.root(key))
        if not group:
            raise NotFound(f"there is no contact {key}")
        return group

    def _events(self, group: Mapping[str, Contact]) -> list[Event]:
        return events_of(self._contacts.store, group)

    def _text(self, event: Event, at: datetime) -> str:
        """What is over is gone, whether or not its timer has run."""
        value = "" if over(event.data, at) else str(event.data.get("to", ""))
        return (self._vault.open(value, event.stream, "to") or "") if is_sealed(value) else value


def _shown(purpose: str, channel: str, entry: Entry | None) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "channel": channel,
        "granted": entry is not None,
        "relies_on": to_data(entry) if entry else None,
    }
