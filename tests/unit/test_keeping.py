"""What was kept as long as it may be is closed to everybody, whether or not its timer has run."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from services.sales.domain import LEAD
from services.sales.domain.lead import CaptureLead
from shared.decide import Context, streams_of
from shared.http.auth import Principal
from shared.plan import Rule, SetField
from shared.privacy import MemoryKeyStore, Vault
from shared.privacy.keeping import EXPIRED
from shared.service.aggregate_routes import aggregate_routes
from shared.store.memory import MemoryStore
from shared.testing.controls import WHEN, meta, moment
from shared.webhooks.messages import WebhookRegistered
from shared.webhooks.signing import body_of
from shared.webhooks.subscription import Webhook

BEFORE, AFTER = moment(29), moment(30)
CASES = [(BEFORE, "Rex"), (AFTER, EXPIRED)]
READER = Principal("1", "auditor", frozenset({"sales:read", "pii:read"}))
STORE = MemoryStore("sales")
VAULT = Vault(MemoryKeyStore())


@pytest.fixture(scope="module")
def leads() -> Any:
    """A lead with a personal field that is kept for thirty days."""
    streams = streams_of(STORE, (LEAD,), VAULT)["lead"]
    streams.handle("7", CaptureLead("7", "fair", "event"), Context(WHEN, meta(command_id="1")))
    pet = SetField("7", "pet", "Rex", WHEN, Rule("text", retention_days=30))
    streams.handle("7", pet, Context(WHEN, meta(command_id="2")))
    return streams


@pytest.mark.parametrize(("now", "shown"), CASES)
def test_the_events_of_a_record_close_at_the_end_of_retention(leads: Any, now: datetime, shown: str) -> None:
    """Also for who may read personal values."""
    routes = aggregate_routes("leads", leads, VAULT, lambda: now)
    (read,) = [route.handle for route in routes if route.path.endswith("/events")]
    request: Any = SimpleNamespace(params={"key": "7"}, principal=READER)
    told: Any = read(request)

    assert told["events"][-1]["data"]["secret"] == shown


@pytest.mark.parametrize(("now", "shown"), CASES)
def test_a_late_delivery_leaves_out_what_is_over(leads: Any, now: datetime, shown: str) -> None:
    """A webhook that was away, or replays, gets the event without the value."""
    event = leads.store.read_stream("lead-7")[-1]
    registered = WebhookRegistered("erp", "https://example.org/", ("*",), personal=True)
    told = orjson.loads(body_of(event, Webhook("active", registered), VAULT, now))["data"]

    assert told.get("secret", EXPIRED) == shown
