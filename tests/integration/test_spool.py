"""The front door's spool: what it keeps while the broker is away."""

import pytest

from services.contacts.door.spool import SPOOL, Spool
from shared.events.clock import now
from shared.events.wire import Message
from shared.identity import Identifier, Refs
from shared.privacy import MemoryKeyStore, Vault
from shared.relay.publisher import Publisher
from shared.store.client import connect

pytestmark = pytest.mark.integration


def test_nothing_is_kept_about_the_erased(mongodb_url: str, database_prefix: str) -> None:
    """Their events would be suppressed anyway: the spool takes the others, or none, and is content."""
    refs, vault = Refs(b"k" * 32), Vault(MemoryKeyStore())
    anna, bob = (
        Message("key", {}, b'{"customer":{"email":"%s@example.org"}}' % name, "1")
        for name in (b"anna", b"bob")
    )
    vault.destroy([refs.of(Identifier("email", "anna@example.org"))], now())
    with connect(mongodb_url) as client:
        database = client[f"{database_prefix}_spool"]
        spool = Spool(database, vault, refs, Publisher("amqp://nowhere"), now)
        spool.keep([anna])
        assert database[SPOOL].count_documents({}) == 0
        spool.keep([anna, bob])
        assert database[SPOOL].count_documents({}) == 1
