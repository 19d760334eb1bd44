"""What campaigns learns of people: addresses, names, consents, merges, erasure, and what came back."""

from collections.abc import Iterable, Sequence

from services.campaigns.domain.recipient import NEWS, Recipient, from_document, learned, to_document, touched
from services.campaigns.mailing.people import RECIPIENTS
from shared.events import Event
from shared.store.port import Store
from shared.store.write import Swap, Write

OWN = frozenset(
    {"MessageBounced", "ComplaintReceived", "UnsubscribeRequested", "ContactEnrolled", "RecipientCleared"}
)
# The full names of the events by which recipients follow contacts, and campaigns itself.
LEARNED = tuple(f"rapport.{'campaigns' if name in OWN else 'contacts'}.{name}.v1" for name in NEWS)


class Book:
    """The recipients of one batch of events: read in one go, moved along, written only as they were read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, tuple[int, Recipient]] = {}

    def read(self, events: Iterable[Event]) -> None:
        """Read the recipients that these events tell something about."""
        self.load([key for event in events if event.full_type in LEARNED for key in touched(event)])

    def load(self, keys: Sequence[str]) -> dict[str, Recipient]:
        """Return recipients as they are by now, new ones for those unknown."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._held]
        found = self._store.fetch(RECIPIENTS, missing) if missing else {}
        for key in missing:
            known = found.get(key)
            self._held[key] = (known["revision"], from_document(known)) if known else (0, Recipient())
        return {key: self._held[key][1] for key in keys}

    def learn(self, event: Event) -> list[Write]:
        """Return the writes by which recipients follow an event."""
        writes: list[Write] = []
        for key in touched(event):
            revision, before = self._held[key]
            after = learned(before, event, key)
            if after != before:
                self._held[key] = (revision + 1, after)
                writes.append(_swap(key, revision, after))
        return writes


def _swap(key: str, revision: int, recipient: Recipient) -> Swap:
    document = {"_id": key, "revision": revision + 1, **to_document(recipient)}
    return Swap(RECIPIENTS, document, {"revision": revision} if revision else None)
