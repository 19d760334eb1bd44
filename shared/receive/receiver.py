"""Receive channel events in batches: everything that is accepted is applied once, and accounted for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from shared.consume.delivery import CloudEvent, Delivery, parse
from shared.contracts.catalogue import Catalogue
from shared.errors import FieldError, Invalid, Rejected, Unavailable
from shared.events.clock import Clock
from shared.identity import Refs
from shared.privacy import Erased, Vault
from shared.receive.ear import Ear
from shared.receive.heard import Heard
from shared.receive.plan import Plan, Planner
from shared.receive.records import RECEIPTS, counted, hash_of, overheard, quarantined, receipt
from shared.store.port import Commit, Done, Exists, Outcome, Store
from shared.store.write import Insert, Write
from shared.telemetry import metrics

ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery of a batch, as far as it was understood."""

    delivery: Delivery
    event: CloudEvent | None
    heard: Heard | None
    errors: tuple[FieldError, ...] = ()


class Receiver:
    """Callable with a batch of deliveries; returns when every one is applied or accounted for in the log.

    An event, its receipt and its ledger entry commit together: a batch that is delivered again after a crash
    leaves no second trace (tests/integration/test_receive.py). Raises Unavailable when the database is away.
    """

    def __init__(  # the collaborators of one service, wired in its bootstrap
        self,
        service: str,
        store: Store,
        vault: Vault,
        planner: Planner,
        catalogue: Catalogue,
        refs: Refs,
        clock: Clock,
    ) -> None:
        self._service, self._store, self._vault = service, store, vault
        self.planner, self._catalogue, self._clock = planner, catalogue, clock
        self.ear = Ear(catalogue, refs, clock)

    def __call__(self, deliveries: Sequence[Delivery]) -> None:
        """Take a batch."""
        items = [self.understand(d) for d in deliveries]
        waiting = [i for i in items if i.heard]
        self._commit_all([self._refusal(i) for i in items if not i.heard])
        for attempt in range(ROUNDS):
            if not waiting:
                return
            waiting = self._round(waiting, fresh=attempt > 0)
        raise Unavailable(f"{len(waiting)} events meet other writers again and again")

    def understand(self, delivery: Delivery) -> Item:
        """Return the delivery with the event in it, or with the reasons why there is none."""
        event = None
        try:
            event = parse(delivery)
            return Item(delivery, event, self.ear.hear(event))
        except Invalid as error:
            return Item(delivery, event, None, error.errors)

    def _round(self, waiting: list[Item], fresh: bool) -> list[Item]:
        heard = [i.heard for i in waiting if i.heard]
        erased = self._vault.prepare(h.customer for h in heard if h.customer)
        plans = self.planner.plan([h for h in heard if h.customer not in erased], fresh)
        found = iter(plans)
        decided = [Erased(h.customer) if h.customer in erased else next(found) for h in heard]
        commits = [self._commit(i, plan) for i, plan in zip(waiting, decided, strict=True)]
        outcomes = self._store.commit(commits)
        rest = list(zip(waiting, decided, outcomes, strict=True))
        for _, plan, outcome in rest:
            self._settle(plan, outcome)
        self._account([i for i, _, o in rest if _is_known(o)])
        return [i for i, _, o in rest if not isinstance(o, Done) and not _is_known(o)]

    def _commit(self, item: Item, plan: Plan | Rejected) -> Commit:
        if item.heard is None:
            return self._refusal(item)
        if isinstance(plan, Erased):
            return Commit((), (receipt(item.heard, "suppressed"), *self._counted(item.heard, "suppressed")))
        if isinstance(plan, Rejected):
            errors = plan.errors if isinstance(plan, Invalid) else (FieldError("/data", str(plan)),)
            return Commit((), (receipt(item.heard, "quarantined"), *self._quarantine(item, errors)))
        writes = (*plan.writes, receipt(item.heard, "applied"), *self._counted(item.heard, "applied"))
        return Commit(tuple(plan.appends), writes)

    def _settle(self, plan: Plan | Rejected, outcome: Outcome) -> None:
        if isinstance(plan, Plan):
            for streams, key, after in plan.states:
                if isinstance(outcome, Done) and not outcome.repeated:
                    streams.keep(key, after)
                else:
                    streams.drop([key])

    def _account(self, known: list[Item]) -> None:
        """Count repeated events as duplicates; one that says something else under its id is quarantined."""
        heard = {i.heard.key: i.heard for i in known if i.heard}
        receipts = self._store.fetch(RECEIPTS, list(heard))
        commits = []
        for item in known:
            if item.heard is None:
                continue
            same = receipts.get(item.heard.key, {}).get("fingerprint") == item.heard.fingerprint
            commits.append(self._repeated(item, item.heard, same))
        self._commit_all(commits)

    def _repeated(self, item: Item, heard: Heard, same: bool) -> Commit:
        if not same:
            reason = FieldError("/id", "was used before by this source for other content")
            with suppress(Erased):  # nothing of an erased person is kept, not even a contradiction
                return Commit((), tuple(self._quarantine(item, (reason,))))
        return Commit((), tuple(self._counted(heard, "duplicate")))

    def _refusal(self, item: Item) -> Commit:
        """Return the commit for an event that is not understood: its owner quarantines it, others count it."""
        if self._mine(item) or item.event is None:
            return Commit((), tuple(self._quarantine(item, item.errors)))
        known = item.event.attributes
        seen = {"_id": f"{known['source']}|{known['id']}|{hash_of(item.delivery.body)}", "outcome": "refused"}
        return Commit(
            (), (Insert(RECEIPTS, seen), overheard(known["source"], self._catalogue[known["type"]].owner))
        )

    def _commit_all(self, commits: list[Commit]) -> None:
        """Commit items of the quarantine; one that is there already is a duplicate."""
        for commit, outcome in zip(commits, self._store.commit(commits) if commits else [], strict=True):
            first = commit.writes[0] if commit.writes else None
            if isinstance(outcome, Exists) and isinstance(first, Insert) and "source" in first.document:
                self._store.commit([Commit((), (counted(first.document["source"], "duplicate"),))])

    def _quarantine(self, item: Item, errors: Sequence[FieldError]) -> list[Write]:
        known = item.event.attributes if item.event else {}
        source = known.get("source", "unknown")
        metrics.QUARANTINED.inc()
        insert = quarantined(
            self._vault,
            source=source,
            event_id=known.get("id", item.delivery.message_id or "unknown"),
            type_=known.get("type", "unknown"),
            person=item.heard.customer if item.heard else None,
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

    def _mine(self, item: Item) -> bool:
        """Tell whether this service answers for a refused event: its own and unknown types."""
        type_ = item.event.attributes.get("type", "") if item.event else ""
        return type_ not in self._catalogue or self._catalogue[type_].owner == self._service


def _is_known(outcome: Outcome) -> bool:
    if isinstance(outcome, Done):
        return outcome.repeated
    return isinstance(outcome, Exists) and outcome.collection == RECEIPTS
