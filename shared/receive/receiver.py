"""Receive channel events in batches: everything that is accepted is applied once, and accounted for."""

import logging
from collections.abc import Sequence

from shared.consume.delivery import Delivery, parse
from shared.contracts.catalogue import Catalogue
from shared.errors import Corrupt, FieldError, Invalid, Rejected, Unavailable
from shared.events.clock import Clock
from shared.identity import Refs
from shared.privacy import Erased, Vault
from shared.receive.accounts import Accounts, Item
from shared.receive.ear import Ear
from shared.receive.heard import Heard
from shared.receive.plan import Plan, Planner
from shared.receive.records import RECEIPTS
from shared.store.port import Commit, Done, Exists, Outcome, Store
from shared.telemetry import metrics

ROUNDS = 8
log = logging.getLogger(__name__)


class Receiver:
    """Callable with a batch of deliveries; returns when every one is applied or accounted for in the log.

    An event, its receipt and its ledger entry commit together: a batch that is delivered again after a crash
    leaves no second trace (tests/chaos). Raises Unavailable when the database is away.
    """

    def __init__(
        self,
        service: str,
        store: Store,
        vault: Vault,
        planner: Planner,
        catalogue: Catalogue,
        refs: Refs,
        clock: Clock,
    ) -> None:
        self._store, self._vault, self.planner = store, vault, planner
        self._accounts = Accounts(service, vault, catalogue, clock)
        self.ear = Ear(catalogue, refs, clock)

    def __call__(self, deliveries: Sequence[Delivery]) -> None:
        """Take a batch."""
        try:
            self._take(deliveries)
        except (Unavailable, Corrupt):
            raise
        except Exception as error:  # an event that breaks the code: found, kept with the reason, counted
            self._isolate(deliveries, error)

    def _isolate(self, deliveries: Sequence[Delivery], error: Exception) -> None:
        """Take a batch that failed one by one; what fails by itself goes to the quarantine."""
        if len(deliveries) > 1:
            for delivery in deliveries:
                self([delivery])
            return
        metrics.LOOP_FAILURES.labels("receive").inc()
        log.error("an event could not be applied", exc_info=error)
        self._account([self._unapplied(deliveries[0], f"could not be applied: {type(error).__name__}")])

    def _unapplied(self, delivery: Delivery, told: str) -> Commit:
        try:
            item = self.understand(delivery)
        except Exception:  # it breaks the code that reads it as well
            item = Item(delivery, None, None, (FieldError("", told),))
        if item.heard is None:
            return self._accounts.refused(item)
        return self._accounts.planned(item, item.heard, Rejected(told))

    def _take(self, deliveries: Sequence[Delivery]) -> None:
        items = [self.understand(d) for d in deliveries]
        waiting = [(i, i.heard) for i in items if i.heard]
        self._account([self._accounts.refused(i) for i in items if not i.heard])
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
            return Item(delivery, event, None, error.errors, self.ear.whom(delivery.body))

    def _round(self, waiting: list[tuple[Item, Heard]], fresh: bool) -> list[tuple[Item, Heard]]:
        """Plan and commit; return what lost a race and has to be planned again."""
        plans = self._plans([heard for _, heard in waiting], fresh)
        commits = [self._accounts.planned(*known, plan) for known, plan in zip(waiting, plans, strict=True)]
        outcomes = self._store.commit(commits)
        for plan, outcome in zip(plans, outcomes, strict=True):
            _keep(plan, outcome)
        rest = list(zip(waiting, outcomes, strict=True))
        self._account(self._repeated([known for known, outcome in rest if _is_known(outcome)]))
        return [known for known, o in rest if not isinstance(o, Done) and not _is_known(o)]

    def _plans(self, heard: list[Heard], fresh: bool) -> list[Plan | Rejected]:
        erased = self._vault.prepare(h.customer for h in heard if h.customer)
        planned = iter(self.planner.plan([h for h in heard if h.customer not in erased], fresh))
        return [Erased(h.customer) if h.customer in erased else next(planned) for h in heard]

    def _repeated(self, known: list[tuple[Item, Heard]]) -> list[Commit]:
        receipts = self._store.fetch(RECEIPTS, [heard.key for _, heard in known]) if known else {}
        prints = {key: receipt.get("fingerprint") for key, receipt in receipts.items()}
        return [self._accounts.repeated(i, h, prints.get(h.key) == h.fingerprint) for i, h in known]

    def _account(self, commits: list[Commit]) -> None:
        """Commit what needs no decision; an item that lies in quarantine already is a duplicate."""
        commits = [c for c in commits if c.writes]
        outcomes = self._store.commit(commits) if commits else []
        there = [c for c, outcome in zip(commits, outcomes, strict=True) if isinstance(outcome, Exists)]
        again = [entry for c in there if (entry := self._accounts.seen_before(c))]
        if again:
            self._store.commit(again)


def _keep(plan: Plan | Rejected, outcome: Outcome) -> None:
    if isinstance(plan, Plan):
        for streams, key, after in plan.states:
            if isinstance(outcome, Done) and not outcome.repeated:
                streams.keep(key, after)
            else:
                streams.drop([key])


def _is_known(outcome: Outcome) -> bool:
    if isinstance(outcome, Done):
        return outcome.repeated
    return isinstance(outcome, Exists) and outcome.collection == RECEIPTS
