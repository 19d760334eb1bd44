"""The five services as processes: sending, and knowing when everything is visible."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from shared.contracts.catalogue import CATALOGUE
from shared.store.client import Client
from tests.bench.load import Door
from tests.bench.samples import SOURCE, channel_events
from tests.bench.world import World
from tests.stack import RunningStack
from tests.waiting import eventually

LOGS = ("contacts", "sales", "campaigns", "support")


class Whole:
    """A running stack, its front door, and the database behind it to see how far everything is."""

    def __init__(self, stack: RunningStack, client: Client) -> None:
        self.stack, self._client = stack, client
        self.door = Door(stack.url("contacts"), stack.channel_key(SOURCE))
        self._sent: Counter[str] = Counter()
        self._somebody = ""

    def note(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Remember what is sent, by owner."""
        self._sent.update(CATALOGUE[item["type"]].owner for item in items)
        self._somebody = items[-1]["data"]["customer"]["customer_no"]

    def settled(self, timeout: float = 300) -> None:
        """Return when every event noted is applied by its owner and folded into the customer view."""
        eventually(self._applied, timeout, pause=0.1)
        eventually(self._folded, timeout, pause=0.1)

    def _applied(self) -> bool:
        return all(self._ledger(owner).get("applied", 0) >= sent for owner, sent in self._sent.items())

    def _folded(self) -> bool:
        """Ask as a user does: what a customer's answer includes is visible, whenever it is written down."""
        answer = self.stack.get("analytics", f"/v1/customers/by/customer_no/{self._somebody}")
        if answer.status_code != HTTPStatus.OK:
            return False
        known = answer.json()["watermark"]
        return all(known[name] >= self._head(name) for name in LOGS)

    def _ledger(self, owner: str) -> Mapping[str, Any]:
        return self._client[f"{self.stack.prefix}_{owner}"]["ledger"].find_one({"_id": SOURCE}) or {}

    def _head(self, name: str) -> int:
        log = self._client[f"{self.stack.prefix}_{name}"]["counters"].find_one({"_id": "log"}) or {}
        return int(log["position"])

    def visible_after(self, number: int) -> float:
        """Send one event of a new customer; return the seconds until the customer view answers for it."""
        (item,) = channel_events(1, number, name=f"probe{number}")
        item["data"]["customer"] = {"customer_no": f"P{number}"}
        self.note([item])
        begun = time.perf_counter()
        self.stack.post("contacts", "/v1/events", json=item).raise_for_status()
        path = f"/v1/customers/by/customer_no/P{number}"
        eventually(lambda: self.stack.get("analytics", path).status_code == 200, 60, pause=0.01)
        return time.perf_counter() - begun


@contextmanager
def whole(world: World) -> Iterator[Whole]:
    """Run the five services."""
    stack = RunningStack(world.room(), world.vhost(), world.servers.mongodb_url, world.name())
    with world.client() as client:
        try:
            yield Whole(stack.start(), client)
        finally:
            stack.stop()
