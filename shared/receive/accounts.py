"""The commits by which a service answers for every event: applied, duplicate, quarantined or suppressed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from shared.consume.delivery import CloudEvent, Delivery
from shared.contracts.catalogue import Catalogue
from shared.errors import FieldError, Invalid, Rejected
from shared.events.clock import Clock
from shared.privacy import Erased, Vault
from shared.receive.heard import Heard
from shared.receive.plan import Plan
from shared.receive.records import RECEIPTS, counted, hash_of, overheard, quarantined, receipt
from shared.store.port import Commit
from shared.store.write import Insert, Write
from shared.telemetry import metrics

OTHER_CONTENT = FieldError("/id", "was used before by this source for other content")


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery of a batch, as far as it was understood; `person` is whom the rest seems to be about."""

    delivery: Delivery
    event: CloudEvent | None
    heard: Heard | None
    errors: tuple[FieldError, ...] = ()
    person: str | None = None


class Accounts:
    """Makes commits; every one carries the ledger entry that belongs to it."""

    def __init__(self, service: str, vault: Vault, catalogue: Catalogue, clock: Clock) -> None:
        self._service, self._vault, self._catalogue, self._clock = service, vault, catalogue, clock

    def planned(self, item: Item, heard: Heard, plan: Plan | Rejected) -> Commit:
        """Return the commit of an event that was understood: what was planned, or why nothing was."""
        if isinstance(plan, Erased):
            return Commit((), (receipt(heard, "suppressed"), *self._counted(heard, "suppressed")))
        if isinstance(plan, Rejected):
            errors = plan.errors if isinstance(plan, Invalid) else (FieldError("/data", str(plan)),)
            return Commit((), (receipt(heard, "quarantined"), *self._quarantine(item, errors)))
        applied = (receipt(heard, "applied"), *self._counted(heard, "applied"))
        return Commit(tuple(plan.appends), (*plan.writes, *applied))

    def repeated(self, item: Item, heard: Heard, same: bool) -> Commit:
        """Return the commit of an event whose id is known: a duplicate, or a contradiction for its owner."""
        if not same and self._catalogue[heard.type].owner == self._service:
            with suppress(Erased):  # nothing of an erased person is kept, not even a contradiction
                return Commit((), tuple(self._quarantine(item, (OTHER_CONTENT,))))
        return Commit((), tuple(self._counted(heard, "duplicate")))

    def refused(self, item: Item) -> Commit:
        """Return the commit of an event that was not understood: its owner keeps it, others count it."""
        known = item.event.attributes if item.event else {}
        type_ = known.get("type", "")
        owner = self._catalogue[type_].owner if type_ in self._catalogue else self._service
        source = known.get("source", "unknown")
        if owner != self._service:
            return Commit((), (_seen(item, "refused"), overheard(source, owner)))
        try:
            return Commit((), tuple(self._quarantine(item, item.errors)))
        except Erased:
            return Commit((), (_seen(item, "suppressed"), counted(source, "suppressed")))

    def seen_before(self, commit: Commit) -> Commit | None:
        """Return the ledger entry of a refused event that lies in quarantine already."""
        first = commit.writes[0]
        known = isinstance(first, Insert) and first.document.get("source")
        return Commit((), (counted(known, "duplicate"),)) if known else None

    def _quarantine(self, item: Item, errors: Sequence[FieldError]) -> list[Write]:
        known = item.event.attributes if item.event else {}
        source = known.get("source", "unknown")
        metrics.QUARANTINED.inc()
        insert = quarantined(
            self._vault,
            source=source,
            event_id=known.get("id", item.delivery.message_id or "unknown"),
            type_=known.get("type", "unknown"),
            person=item.heard.customer if item.heard else item.person,
            body=item.delivery.body,
            headers=item.delivery.headers,
            content_type=item.delivery.content_type,
            errors=errors,
            at=self._clock(),
        )
        return [insert, counted(source, "quarantined")]

    def _counted(self, heard: Heard, outcome: str) -> list[Write]:
        owner = self._catalogue[heard.type].owner
        if owner == self._service:
            return [counted(heard.source, outcome)]
        return [] if outcome == "duplicate" else [overheard(heard.source, owner)]


def _seen(item: Item, outcome: str) -> Insert:
    """Return the receipt of an event that was not understood: nothing but its bytes tells it apart."""
    known = item.event.attributes if item.event else {}
    key = f"{known.get('source', 'unknown')}|{known.get('id')}|{hash_of(item.delivery.body)}"
    return Insert(RECEIPTS, {"_id": key, "outcome": outcome})
