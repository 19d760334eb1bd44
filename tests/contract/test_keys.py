"""The contract of keys, held by every store of them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from shared.privacy import KeyStore, MemoryKeyStore, MongoKeyStore
from shared.store.client import connect

MOMENT = datetime(2026, 5, 1, 10, tzinfo=UTC)
Make = Callable[[], KeyStore]


@pytest.fixture(params=["memory", "mongo"])
def keys(request: pytest.FixtureRequest) -> Iterator[KeyStore]:
    """An empty store of keys."""
    if request.param == "memory":
        yield MemoryKeyStore()
        return
    with connect(request.getfixturevalue("servers").mongodb_url) as client:
        client.drop_database("contract_keys")
        store = MongoKeyStore(client["contract_keys"]["keys"], b"m" * 32)
        store.prepare()
        yield store


def test_a_person_has_one_key(keys: KeyStore) -> None:
    """Asking again gives the same one; nobody else's is told."""
    made = keys.ensure(["anna", "bob"])
    assert keys.ensure(["anna"]) == {"anna": made["anna"]}
    assert keys.get(["anna", "carol"]) == {"anna": made["anna"]}
    assert made["anna"] != made["bob"]


def test_a_destroyed_key_never_comes_back(keys: KeyStore) -> None:
    """Also one that was never made."""
    keys.ensure(["anna", "bob"])
    keys.destroy(["anna", "carol"], MOMENT)
    assert set(keys.ensure(["anna", "bob", "carol"])) == {"bob"}
    assert set(keys.get(["anna", "bob", "carol"])) == {"bob"}


def test_the_key_of_a_stream_ends_with_the_person_it_belongs_to(keys: KeyStore) -> None:
    """The last owner told counts; the keys of other persons' streams stay."""
    keys.ensure(["ticket-1", "ticket-2", "anna", "bob"])
    keys.belong("ticket-1", "bob")
    keys.belong("ticket-1", "anna")
    keys.belong("ticket-2", "bob")
    keys.destroy(["anna"], MOMENT)
    assert set(keys.get(["ticket-1", "ticket-2", "anna", "bob"])) == {"ticket-2", "bob"}


def test_a_stream_without_a_key_may_get_one_after_its_person_is_known(keys: KeyStore) -> None:
    """Nothing was sealed by it before, so nothing of it has to end."""
    keys.belong("ticket-1", "anna")
    assert set(keys.ensure(["ticket-1"])) == {"ticket-1"}
