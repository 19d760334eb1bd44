"""The quarantine's clinic: look at what was refused, mend it, hand it in again, or discard it."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from shared.consume.delivery import Delivery
from shared.errors import Conflict, Invalid, NotFound, Rejected, WrongExpectedVersion
from shared.events.clock import Clock
from shared.events.wire import STRUCTURED
from shared.privacy import Vault
from shared.receive.plan import Plan
from shared.receive.receiver import Receiver
from shared.receive.records import LEDGER, QUARANTINE, RECEIPTS, receipt, settled
from shared.store.client import answering
from shared.store.port import Commit, Exists, Store
from shared.store.write import Count, Put

Item = dict[str, Any]


class Clinic:
    """Lists, shows, resubmits and discards quarantined items."""

    def __init__(
        self, database: Database[Item], store: Store, receiver: Receiver, vault: Vault, clock: Clock
    ) -> None:
        self._items, self._store, self._receiver = database[QUARANTINE], store, receiver
        self._vault, self._clock = vault, clock

    def prepare(self) -> None:
        """Make the index that lists are read by."""
        with answering():
            self._items.create_index(
                [("state", ASCENDING), ("received_at", ASCENDING)], name="state_received"
            )

    def items(self, state: str, limit: int, offset: int) -> list[Item]:
        """Return items in this state, newest first, without their bytes."""
        with answering():
            found = self._items.find({"state": state}, {"body": 0, "headers": 0})
            return list(found.sort("received_at", DESCENDING).skip(offset).limit(limit))

    def show(self, key: str, reveal: bool) -> Item:
        """Return one item, its bytes as text when `reveal`. Raises NotFound."""
        item = self._item(key)
        item["body"] = self._body(item).decode(errors="replace") if reveal else "***"
        return item

    def discard(self, key: str) -> Item:
        """Close an item for good. Raises NotFound, Conflict."""
        item = self._open(key)
        self._store.commit([Commit((), (settled(item, "discarded", self._clock()),))])
        return self._item(key)

    def resubmit(self, key: str, data: Any | None = None) -> Item:
        """Apply an item again, with other data when given. Raises NotFound, Conflict, Invalid, Rejected."""
        item = self._open(key)
        delivery = self._delivery(item, data)
        understood = self._receiver.understand(delivery)
        if understood.heard is None:
            raise Invalid(*understood.errors)
        (plan,) = self._receiver.planner.plan([understood.heard], fresh=True)
        if isinstance(plan, Rejected):
            raise plan
        self._commit(item, plan, receipt(understood.heard, "applied").document)
        return self._item(key)

    def _commit(self, item: Item, plan: Plan, taken: Mapping[str, Any]) -> None:
        moved = Count(LEDGER, item["source"], {"quarantined": -1, "applied": 1})
        writes = (*plan.writes, Put(RECEIPTS, taken), settled(item, "resubmitted", self._clock()), moved)
        (outcome,) = self._store.commit([Commit(tuple(plan.appends), writes)])
        if isinstance(outcome, WrongExpectedVersion | Exists):
            raise Conflict(f"somebody else was first: {outcome}")
        for streams, key, _ in plan.states:
            streams.drop([key])

    def _delivery(self, item: Item, data: Any | None) -> Delivery:
        body = self._body(item) if data is None else orjson.dumps(data)
        headers = {name.replace("ce_", "ce-"): value for name, value in item["headers"].items()}
        delivery = Delivery(body, headers, item["content_type"])
        if data is not None and item["content_type"] == STRUCTURED:
            original = orjson.loads(self._body(item))
            delivery = replace(delivery, body=orjson.dumps({**original, "data": data}))
        return delivery

    def _body(self, item: Item) -> bytes:
        opened = self._vault.open(item["body"], f"quarantine-{item['_id']}", "body")
        return b"(erased)" if opened is None else b64decode(opened)

    def _item(self, key: str) -> Item:
        with answering():
            item = self._items.find_one({"_id": key})
        if item is None:
            raise NotFound(f"there is nothing in quarantine under {key}")
        return item

    def _open(self, key: str) -> Item:
        item = self._item(key)
        if item["state"] != "open":
            raise Conflict(f"the item was {item['state']} already")
        return item
