"""Commands and channel events of the four operational services, at the bounds of their declarations."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from werkzeug.test import Client

from services.campaigns.channel import APPLY as OF_CAMPAIGNS
from services.campaigns.domain import BY_PLURAL as CAMPAIGNS
from services.contacts.domain import DECIDERS as CONTACTS
from services.sales.channel import APPLY as OF_SALES
from services.sales.domain import AGGREGATES as SALES
from services.sales.domain.order import PlaceOrder
from services.support.channel import APPLY as OF_SUPPORT
from services.support.domain import AGGREGATES as SUPPORT
from shared.contracts.blank import blanks
from shared.contracts.catalogue import CATALOGUE
from shared.decide import Context, Decider, Elapsed, Streams, streams_of
from shared.events import Meta
from shared.events.clock import now
from shared.events.ids import fresh
from shared.http import App, Bearer, MemoryKeyRing
from shared.http.auth import hash_of
from shared.identity import Refs
from shared.plan import Declared, SetField
from shared.plan.telling import Telling
from shared.privacy import MemoryKeyStore, Vault
from shared.receive.plan import Deciding
from shared.receive.receiver import Receiver
from shared.receive.records import QUARANTINE
from shared.service.aggregate_routes import aggregate_routes, given
from shared.service.declaring import declaring
from shared.service.preparing import Preparing
from shared.store.memory import MemoryStore
from tests.extremes import Extremes
from tests.unit.contacts.desk import delivery

APPLY = {"sales": OF_SALES, "campaigns": OF_CAMPAIGNS, "support": OF_SUPPORT}
TOKEN, ROUNDS = "administrators-key", 6
SERVICES: dict[str, Mapping[str, Decider[Any]]] = {
    "contacts": {decider.category: decider for decider in CONTACTS},
    "sales": SALES,
    "campaigns": CAMPAIGNS,
    "support": SUPPORT,
}


class Counter:
    """The commands of a service over HTTP, with its log in memory."""

    def __init__(self, service: str, deciders: Mapping[str, Decider[Any]]) -> None:
        vault = Vault(MemoryKeyStore())
        self.streams = streams_of(MemoryStore(service), deciders.values(), vault)
        routes = [
            route
            for plural, decider in deciders.items()
            for route in aggregate_routes(
                plural, self.streams[decider.category], vault, now, self._hooks(decider)
            )
        ]
        keys = Bearer(MemoryKeyRing(), now, hash_of(TOKEN))
        self.client = Client(App(service, "1", routes, keys))

    def _hooks(self, decider: Decider[Any]) -> Preparing:
        if SetField not in decider.commands.values():
            return Preparing()
        return declaring(Preparing(), Declared(self.streams, decider.category))

    def post(self, path: str, body: Mapping[str, Any]) -> int:
        """Give a command; return the status of the answer."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        return self.client.post(path, data=orjson.dumps(body), headers=headers).status_code


def wait(streams: Streams[Any], key: str) -> None:
    """Let every timer of an aggregate run out."""
    state, timers = streams.load([key])[key].state, streams.decider.timers
    for name, due in (timers(state) if timers else {}).items():
        streams.handle(key, Elapsed(name, due), Context(now(), Meta(fresh(), fresh())))


@pytest.mark.parametrize("service", SERVICES)
def test_a_command_at_the_bounds_is_done_or_refused(service: str) -> None:
    """Years 1 and 9999, the most and the least, the longest: no answer is a server error."""
    deciders, extremes = SERVICES[service], Extremes(seed=7)
    counter, failed = Counter(service, deciders), []
    for turn in range(ROUNDS):
        for plural, decider in deciders.items():
            for name, kind in decider.commands.items():
                body = extremes.of(kind, given(kind))
                if counter.post(f"/v1/{plural}/{'a7'[turn % 2]}/{name}", body) >= 500:
                    failed.append((plural, name, body))
            wait(counter.streams[decider.category], "a7"[turn % 2])

    assert not failed


@pytest.mark.parametrize("service", ["sales", "campaigns", "support"])
def test_a_channel_event_at_the_bounds_is_applied_or_refused_for_a_reason(service: str) -> None:
    """No event breaks the code: what is quarantined says what is wrong with it."""
    store, vault, extremes = MemoryStore(service), Vault(MemoryKeyStore()), Extremes(seed=7)
    streams = streams_of(store, SERVICES[service].values(), vault)
    planner = Deciding(service, streams, APPLY[service], Telling(streams))
    receiver = Receiver(service, store, vault, planner, CATALOGUE, Refs(b"k" * 32), now)
    for _ in range(ROUNDS):
        receiver([delivery(one.type, extremes.of(one.payload)) for one in CATALOGUE.owned_by(service)])

    kept = store.documents[QUARANTINE].values()
    told = [reason["detail"] for item in kept for reason in item["reasons"]]
    assert store.events
    assert not [why for why in told if "could not be applied" in why]


def test_what_has_to_be_said_is_not_blank() -> None:
    """Codes and ids say something; each that does not is named. A text may be empty."""
    line = {"sku": " ", "quantity": 1, "unit_price": "1", "name": " "}
    blank = {"currency": "EUR", "lines": [line], "country": "\t"}
    found = list(blanks(PlaceOrder, blank))

    assert [error.pointer for error in found] == ["/lines/0/sku", "/country"]
    assert Counter("sales", SALES).post("/v1/orders/a/place", blank) == 422


def test_a_command_that_needs_nothing_needs_no_body() -> None:
    """`curl -X POST` is enough; what is needed is named."""
    sales, caller = Counter("sales", SALES).client, {"Authorization": f"Bearer {TOKEN}"}

    assert sales.post("/v1/orders/a/cancel", headers=caller).status_code == 200
    refused = sales.post("/v1/orders/a/place", headers=caller)
    assert [error["pointer"] for error in refused.json["errors"]] == ["/currency", "/lines"]


@pytest.mark.parametrize("key", ["%20", "a%0Ab", "%C2%85", "x" * 151])
def test_an_id_can_be_read(key: str) -> None:
    """A blank one, one with a line feed and one that is too long name nothing."""
    counter = Counter("support", SERVICES["support"])

    assert counter.post(f"/v1/tickets/{key}/open", {"subject": "Where is it?"}) == 422
