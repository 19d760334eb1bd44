"""What the HTTP kit remembers, in memory and in the database, keeps the same promises."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from shared.errors import NotFound, Unavailable
from shared.http import MemoryAnswers, MemoryKeyRing, MongoAnswers, MongoKeyRing, Problem, make_key
from shared.http.idempotency import KEPT, LEASE, Remembered

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ANSWER = Remembered(201, (("ETag", '"1"'),), b'{"name":"a"}')
KINDS = ["memory", pytest.param("mongo", marks=pytest.mark.integration)]


class Clock:
    """A clock that tests move."""

    now = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Any:
    """A database of the test's own, or None for memory."""
    if request.param == "memory":
        yield None
        return
    with MongoClient(request.getfixturevalue("mongodb_url"), tz_aware=False) as client:
        name = f"{request.getfixturevalue('database_prefix')}_http"
        client.drop_database(name)
        yield client[name]


@pytest.fixture
def ring(database):
    """An empty key ring."""
    return MemoryKeyRing() if database is None else MongoKeyRing(database)


@pytest.fixture
def answers(database):
    """Nothing remembered yet."""
    return MemoryAnswers() if database is None else MongoAnswers(database)


def test_a_key_is_found_as_it_was_made(ring) -> None:
    """Every field comes back equal, times with their zone; an unknown id is None, also before it is added."""
    until = NOW + timedelta(days=1)
    _, key = make_key("shop", ["a", "b:*"], NOW, "web", ["channel.web.*"], until, ["parcels"])
    assert ring.find(key.id) is None
    ring.add(key)
    assert ring.find(key.id) == key
    assert ring.all() == [key]


@pytest.mark.integration
def test_a_key_of_before_there_were_teams_has_no_limit(mongodb_url: str, database_prefix: str) -> None:
    """Its record has no such field and loads."""
    with MongoClient(mongodb_url, tz_aware=False) as client:
        database = client[f"{database_prefix}_http"]
        client.drop_database(database.name)
        _, key = make_key("old", ["a"], NOW)
        MongoKeyRing(database).add(key)
        assert database["api_keys"].update_one({"_id": key.id}, {"$unset": {"teams": ""}}).modified_count == 1
        assert MongoKeyRing(database).find(key.id) == key
        assert key.teams == ()


def test_keys_are_listed_by_age(ring) -> None:
    """Oldest first, whatever the order of insertion."""
    keys = [make_key("k", ["a"], NOW + timedelta(seconds=s))[1] for s in (2, 0, 1)]
    for key in keys:
        ring.add(key)
    assert [key.created_at.second for key in ring.all()] == [0, 1, 2]


def test_a_revocation_is_seen_at_once_and_stays(ring) -> None:
    """After revoke the key is invalid in this process at once; a second revocation keeps the first time."""
    _, key = make_key("k", ["a"], NOW)
    ring.add(key)
    assert ring.find(key.id).valid_at(NOW)
    ring.revoke(key.id, NOW)
    assert not ring.find(key.id).valid_at(NOW)
    assert ring.revoke(key.id, NOW + timedelta(hours=1)).revoked_at == NOW
    with pytest.raises(NotFound):
        ring.revoke("unknown", NOW)


def test_an_answer_is_remembered(answers) -> None:
    """Claim, finish, and the repeat gets the same status, headers and bytes."""
    assert answers.begin("s", bytes(32)) is None
    answers.finish("s", ANSWER)
    assert answers.begin("s", bytes(32)) == ANSWER


def test_a_running_request_is_told_apart_from_another_body(answers) -> None:
    """409 while the first runs, 422 for another body, and neither touches another scope."""
    assert answers.begin("s", bytes([1]) * 32) is None
    for fingerprint, status in ((bytes([1]) * 32, 409), (bytes([2]) * 32, 422)):
        with pytest.raises(Problem) as caught:
            answers.begin("s", fingerprint)
        assert caught.value.status == status
    assert answers.begin("other", bytes([2]) * 32) is None


def test_an_abandoned_claim_is_free(answers) -> None:
    """After abandon the next request runs; a finished answer is not abandoned by a latecomer."""
    assert answers.begin("s", bytes(32)) is None
    answers.abandon("s")
    assert answers.begin("s", bytes([3]) * 32) is None


@pytest.mark.integration
@pytest.mark.parametrize("database", ["mongo"], indirect=True)
def test_a_dead_claim_is_taken_over_once(database) -> None:
    """A claim older than the lease, whose process has died, goes to exactly one later request."""
    clock = Clock()
    answers = MongoAnswers(database, clock)
    assert answers.begin("s", bytes(32)) is None
    clock.now = NOW + LEASE + timedelta(seconds=1)
    assert answers.begin("s", bytes(32)) is None
    with pytest.raises(Problem, match="still running"):
        answers.begin("s", bytes(32))


@pytest.mark.integration
@pytest.mark.parametrize("database", ["mongo"], indirect=True)
def test_answers_are_forgotten_after_a_day(database) -> None:
    """The database has the index that removes answers after 24 hours; preparing twice is harmless."""
    answers = MongoAnswers(database)
    answers.prepare()
    answers.prepare()
    indexes = database["idempotency"].index_information()
    assert indexes["forget"]["expireAfterSeconds"] == KEPT.total_seconds()


@pytest.mark.integration
@pytest.mark.parametrize("database", ["mongo"], indirect=True)
def test_found_keys_are_remembered_for_seconds_only(database) -> None:
    """Another process's revocation is seen when the few seconds are over, and not asked for before."""
    clock = [0.0]
    here, there = MongoKeyRing(database, ttl=3, now=lambda: clock[0]), MongoKeyRing(database)
    _, key = make_key("k", ["a"], NOW)
    there.add(key)
    assert here.find(key.id) == key
    there.revoke(key.id, NOW)
    assert here.find(key.id).valid_at(NOW)
    clock[0] = 3.0
    assert not here.find(key.id).valid_at(NOW)


def test_an_absent_database_is_unavailable() -> None:
    """A database that cannot be reached is Unavailable, never a driver's error."""
    with MongoClient("mongodb://127.0.0.1:1/", serverSelectionTimeoutMS=50) as client:
        with pytest.raises(Unavailable):
            MongoKeyRing(client["x"]).find("a")
        with pytest.raises(Unavailable):
            MongoAnswers(client["x"]).begin("s", bytes(32))
