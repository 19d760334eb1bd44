"""The embedded database after an unclean stop."""

from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest
from pymongo.collection import Collection

from deploy.local.database import Database
from deploy.local.indexes import repair_indexes
from deploy.local.processes import free_port
from tests.waiting import eventually

pytestmark = pytest.mark.integration


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own."""
    database = Database(tmp_path / "database", free_port())
    database.start()
    yield database
    database.stop()


def fill(things: Collection, documents: int) -> None:
    """Documents with one indexed field, and a second that is not indexed yet."""
    things.create_index("a", unique=True)
    things.create_index("b", sparse=True)
    things.insert_many([{"a": n, "b": n, "c": n} for n in range(documents)])


def held(things: Collection, index: str) -> int:
    """How many documents are found through an index."""
    return sum(1 for _ in things.find({}, {"_id": 1}).hint(index))


def test_what_was_acknowledged_is_there_after_a_kill(database: Database) -> None:
    """Committed documents and their indexes survive SIGKILL."""
    with pymongo.MongoClient(database.url) as client:
        fill(client.shop.things, 500)
    database.kill()
    database.start()
    with pymongo.MongoClient(database.url) as client:
        assert held(client.shop.things, "a_1") == held(client.shop.things, "b_1") == 500
        assert client.shop.things.index_information()["a_1"]["unique"]


def test_a_clean_stop_needs_no_check(database: Database) -> None:
    """The marker of a clean stop is there after one, and gone while the database serves."""
    marker = database.directory / "stopped-cleanly"
    assert not marker.exists()
    database.stop()
    assert marker.exists()
    database.start()
    assert not marker.exists()


def test_an_index_whose_making_was_killed_is_made_anew(database: Database) -> None:
    """A half-made index misses documents silently; the next start finds and rebuilds it."""
    if not database.embedded:
        pytest.skip("a real mongod repairs its indexes itself")
    with pymongo.MongoClient(database.url) as client:
        fill(client.shop.things, 6000)
    hasty = pymongo.MongoClient(database.url, socketTimeoutMS=100)
    with hasty, pytest.raises(pymongo.errors.PyMongoError):
        hasty.shop.things.create_index("c")
    database.kill()
    database.start()
    with pymongo.MongoClient(database.url) as client:
        names = client.shop.things.index_information()
        assert {"a_1", "b_1"} <= set(names)
        assert all(held(client.shop.things, name) == 6000 for name in names if name != "_id_")


def test_repair_keeps_keys_and_options(database: Database) -> None:
    """Indexes that hold a part on purpose are rebuilt as they were; whole ones are left alone."""
    with pymongo.MongoClient(database.url) as client:
        fill(client.shop.things, 50)
        client.shop.things.create_index("c", partialFilterExpression={"c": {"$gt": 10}}, name="few")
        before = eventually(client.shop.things.index_information)
        lines: list[str] = []
        assert repair_indexes(database.url, lines.append) == ["shop.things.b_1", "shop.things.few"]
        assert client.shop.things.index_information() == before
        assert lines[0] == "rebuilding index 1 of 2: shop.things b_1"
