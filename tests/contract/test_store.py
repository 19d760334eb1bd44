"""The log's contract, held by every implementation."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import Corrupt, Unavailable, WrongExpectedVersion
from shared.events import Meta, NewEvent
from shared.events.ids import fresh
from shared.relay.near import Near
from shared.store.client import connect
from shared.store.memory import MemoryStore
from shared.store.mongo import MongoStore
from shared.store.port import Append, Changed, Commit, Done, Exists, Expect, Store, append, unchanged
from shared.store.write import Count, Insert, Put, Remove, Swap

MOMENT = datetime(2026, 5, 1, 10, tzinfo=UTC)
Make = Callable[[], Store]


class Counted:
    """Looks a version up, and counts how often it did."""

    def __init__(self, store: MongoStore) -> None:
        self.times, self._look = 0, store._demands._newest

    def __call__(self, *given: Any) -> int:
        """Look it up."""
        self.times += 1
        return self._look(*given)


def note(text: str = "x") -> NewEvent:
    """An event that says something."""
    return NewEvent("Noted", 1, {"text": text}, MOMENT, Meta("command", "correlation"))


def to(stream: str, expected: int | Expect = Expect.ANY, *texts: str, command: str = "") -> Append:
    """An append of one event per text."""
    return Append(stream, expected, tuple(map(note, texts or ("x",))), command or fresh())


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.integration)])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    """A maker of empty stores; stores made by one maker for MongoDB share nothing."""
    if request.param == "memory":
        yield lambda: MemoryStore("sales")
        return
    client = connect(request.getfixturevalue("mongodb_url"))
    prefix, names = request.getfixturevalue("database_prefix"), []

    def fresh_store() -> MongoStore:
        names.append(f"{prefix}_{fresh()[-12:]}")
        store = MongoStore(client, names[-1], "sales")
        store.prepare()
        return store

    yield fresh_store
    for name in names:
        client.drop_database(name)
    client.close()


def test_versions_and_positions_are_contiguous_from_one(make: Make) -> None:
    """The n-th event of a stream has version n, the n-th of the log position n."""
    store = make()
    append(store, to("a-1", Expect.NO_STREAM, "1", "2"))
    append(store, to("b-1", Expect.NO_STREAM, "3"))
    append(store, to("a-1", 2, "4"))

    assert [e.version for e in store.read_stream("a-1")] == [1, 2, 3]
    assert [e.position for e in store.read_log(0, 10)] == [1, 2, 3, 4]
    assert store.head().position == 4


def test_the_chain_of_a_partition_names_every_predecessor(make: Make) -> None:
    """`previous` is the position of the event before in the same partition, 0 for the first."""
    store = make()
    for number in range(20):
        append(store, to(f"s-{number}"))
    for partition, tail in enumerate(store.head().tails):
        events = store.read_log(0, 100, partition)
        assert (
            [e.previous for e in events] == [0, *[e.position for e in events[:-1]]] if events else tail == 0
        )
        assert tail == (events[-1].position if events else 0)


@pytest.mark.parametrize(
    ("expected", "length", "accepted"),
    [
        (Expect.NO_STREAM, 0, True),
        (Expect.NO_STREAM, 1, False),
        (Expect.EXISTS, 0, False),
        (Expect.EXISTS, 1, True),
        (Expect.ANY, 0, True),
        (Expect.ANY, 3, True),
        (2, 2, True),
        (1, 2, False),
        (3, 2, False),
        (0, 1, False),
    ],
)
def test_an_append_is_refused_unless_its_expectation_holds(
    make: Make, expected: int | Expect, length: int, accepted: bool
) -> None:
    """Every mode of expectation, met and missed; what is refused leaves nothing."""
    store = make()
    for _ in range(length):
        append(store, to("a-1"))
    (outcome,) = store.commit([Commit((to("a-1", expected),))])
    assert isinstance(outcome, Done if accepted else WrongExpectedVersion)
    assert store.head().position == length + accepted


def test_a_repeated_command_returns_its_first_result_in_every_mode(make: Make) -> None:
    """The same command id writes once, whatever is expected the second time."""
    store = make()
    first = append(store, to("a-1", Expect.NO_STREAM, "1", "2", command="c"))
    for expected in (Expect.NO_STREAM, Expect.ANY, Expect.EXISTS, 0, 2):
        again = append(store, to("a-1", expected, "1", "2", command="c"))
        assert again.repeated
        assert [e.id for e in again.events] == [e.id for e in first.events]
    assert store.head().position == 2


def test_appends_to_several_streams_happen_together_or_not_at_all(make: Make) -> None:
    """One wrong expectation keeps the whole commit out."""
    store = make()
    append(store, to("b-1"))
    (outcome,) = store.commit([Commit((to("a-1"), to("b-1", Expect.NO_STREAM)))])
    assert isinstance(outcome, WrongExpectedVersion)
    assert store.read_stream("a-1") == []


def test_a_refused_commit_does_not_harm_its_neighbours(make: Make) -> None:
    """Good commits before and after a bad one are done, and positions stay contiguous."""
    store = make()
    append(store, to("a-1"))
    outcomes = store.commit([Commit((to(s, Expect.NO_STREAM),)) for s in ("b-1", "a-1", "c-1")])
    assert [type(o) for o in outcomes] == [Done, WrongExpectedVersion, Done]
    assert [e.stream for e in store.read_log(0, 9)] == ["a-1", "b-1", "c-1"]


def test_commits_of_one_batch_follow_each_other_on_one_stream(make: Make) -> None:
    """A later commit of a batch may expect the version an earlier one makes."""
    store = make()
    outcomes = store.commit([Commit((to("a-1", Expect.NO_STREAM),)), Commit((to("a-1", 1),))])
    assert all(isinstance(o, Done) for o in outcomes)


def test_the_same_command_twice_in_one_batch_is_done_once(make: Make) -> None:
    """The second of two equal commits answers as repeated."""
    store = make()
    twice = [Commit((to("a-1", Expect.ANY, command="c"),))] * 2
    first, second = store.commit(twice)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert (first.repeated, second.repeated) == (False, True)
    assert store.head().position == 1


def test_documents_travel_with_the_events_of_their_commit(make: Make) -> None:
    """Inserts, puts, counters and removals are there exactly when the events are."""
    store = make()
    writes = (Insert("receipts", {"_id": "r", "n": 1}), Count("ledger", "web", {"applied": 1}))
    append(store, to("a-1"), writes=(*writes, Put("box", {"_id": "p", "v": 1})))
    (refused,) = store.commit([Commit((to("b-1"),), writes)])
    append(store, to("c-1"), writes=(Count("ledger", "web", {"applied": 1}), Remove("box", "p")))

    assert isinstance(refused, Exists)
    assert store.read_stream("b-1") == []
    assert store.fetch("ledger", ["web"])["web"]["applied"] == 2
    assert store.fetch("receipts", ["r", "none"]) == {"r": {"_id": "r", "n": 1}}
    assert store.fetch("box", ["p"]) == {}


def test_a_document_is_swapped_only_as_it_was_read(make: Make) -> None:
    """A swap of what has changed since is refused with all that goes with it; its neighbours are done."""
    store = make()
    first = Swap("marks", {"_id": "a", "n": 1}, None)
    append(store, to("s-1"), writes=(first,))
    with pytest.raises(Exists):
        append(store, to("s-2"), writes=(first,))
    stale = Commit((to("s-3"),), (Swap("marks", {"_id": "a", "n": 9}, {"n": 0}),))
    twice = [Commit((to("s-4"),), (Swap("marks", {"_id": "a", "n": 2}, {"n": 1}),))] * 2
    missing = Commit((), (Swap("marks", {"_id": "b", "n": 2}, {"n": 1}),))
    outcomes = store.commit([stale, *twice, missing, Commit((to("s-5"),))])
    assert [type(o) for o in outcomes] == [Changed, Done, Done, Changed, Done]
    assert [getattr(o, "repeated", None) for o in outcomes] == [None, False, True, None, False]
    assert store.fetch("marks", ["a", "b"]) == {"a": {"_id": "a", "n": 2}}
    assert [e.stream for e in store.read_log(0, 10)] == ["s-1", "s-4", "s-5"]


def test_appends_of_one_commit_follow_each_other_on_one_stream(make: Make) -> None:
    """Each expects what those before it leave; a wrong one refuses all."""
    store = make()
    append(store, to("a-1", Expect.NO_STREAM), to("a-1", 1), unchanged("a-1", 2))
    assert [e.version for e in store.read_stream("a-1")] == [1, 2]
    with pytest.raises(WrongExpectedVersion):
        append(store, to("a-1", 2), to("a-1", 2))


def test_a_commit_of_documents_alone_needs_no_events(make: Make) -> None:
    """The log stays as it is."""
    store = make()
    store.commit([Commit((), (Put("notes", {"_id": "n"}), Count("sums", "s", {"n": 1})))])
    assert (store.head().position, set(store.fetch("notes", ["n"]))) == (0, {"n"})


def test_a_reader_gets_windows_without_gaps(make: Make) -> None:
    """Reading on from the last position sees every event once, per log and per partition."""
    store = make()
    store.commit([Commit((to(f"s-{n % 7}"),)) for n in range(60)])
    for partition in (None, *range(store.partitions)):
        seen, after = [], 0
        while window := store.read_log(after, 7, partition):
            seen += [e.position for e in window]
            after = seen[-1]
        every = [e.position for e in store.read_log(0, 100, partition)]
        assert seen == every
    assert sum(len(store.read_log(0, 100, p)) for p in range(store.partitions)) == 60


def test_an_event_comes_back_as_it_was_written(make: Make) -> None:
    """Payload, meta and moments survive the log."""
    store = make()
    meta = Meta("c", "corr", "cause", "staff:anna", "web", "c-1", "shop", "1", None)
    new = NewEvent("Noted", 3, {"n": 1, "list": [{"a": None}], "text": "ä$.x"}, MOMENT, meta)
    (event,) = append(store, Append("a-1", 0, (new,), "c")).events
    (read,) = store.read_stream("a-1")
    assert read == event
    assert (read.data, read.meta, read.occurred_at) == (new.data, meta, MOMENT)


def test_concurrent_writers_never_interleave_within_a_commit(make: Make) -> None:
    """Positions of one commit are consecutive, and each stream takes one of two rivals' events."""
    store, gate = make(), Barrier(4)
    results: list[list[object]] = [[] for _ in range(4)]

    def write(me: int) -> None:
        gate.wait()
        for number in range(15):
            rivals = Commit((to(f"race-{number}", Expect.NO_STREAM, "1", "2"),))
            results[me] += store.commit([rivals])

    threads = [Thread(target=write, args=(me,)) for me in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    won = [o for many in results for o in many if isinstance(o, Done)]
    assert len(won) == 15
    assert all(o.events[1].position == o.events[0].position + 1 for o in won)
    assert [e.position for e in store.read_log(0, 100)] == list(range(1, 31))


@pytest.mark.integration
def test_two_processes_writing_one_log_keep_positions_contiguous(
    mongodb_url: str, database_prefix: str
) -> None:
    """Two stores on one database (two processes of one service) race; no position is lost or doubled."""
    client = connect(mongodb_url)
    stores = [MongoStore(client, f"{database_prefix}_two", "sales") for _ in range(2)]
    stores[0].prepare()

    def write(me: int) -> None:
        for number in range(25):
            stores[me].commit([Commit((to("shared-1"), to(f"own-{me}-{number}")))])

    threads = [Thread(target=write, args=(me,)) for me in range(2)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert [e.position for e in stores[0].read_log(0, 200)] == list(range(1, 101))
    assert [e.version for e in stores[1].read_stream("shared-1")] == list(range(1, 51))


@pytest.mark.integration
def test_a_fresh_process_learns_that_a_stream_taken_as_new_is_not(
    mongodb_url: str, database_prefix: str
) -> None:
    """A restarted service is told about the lost race; it does not try the same append for ever."""
    client = connect(mongodb_url)
    before, after = (MongoStore(client, f"{database_prefix}_restarted", "sales") for _ in range(2))
    before.prepare()
    append(before, to("order-1", Expect.NO_STREAM))
    refused, done = after.commit([Commit((to(s, Expect.NO_STREAM),)) for s in ("order-1", "order-2")])
    assert isinstance(refused, WrongExpectedVersion)
    assert isinstance(done, Done)


def test_everything_about_a_customer_is_found_by_any_ref(make: Make) -> None:
    """And events by id; in the order of the log, each once."""
    store = make()
    for number, customer in enumerate(("c-1", "c-2", "mail-1", None)):
        said = replace(note(str(number)), meta=Meta("command", "correlation", customer=customer))
        append(store, Append(f"a-{number}", Expect.NO_STREAM, (said,), fresh()))
    last = store.read_log(3, 1)[0].id
    assert [e.data["text"] for e in store.read_about(["mail-1", "c-1"], [last])] == ["0", "2", "3"]
    assert store.read_about(["c-9"]) == []


def test_a_repetition_in_a_batch_is_not_held_against_a_stream_the_batch_makes(make: Make) -> None:
    """The first commit makes the stream, the second was done before, the third continues the stream."""
    store, known = make(), to("a-1", Expect.NO_STREAM)
    append(store, known)
    batch = [to("b-1", Expect.NO_STREAM), known, to("b-1", Expect.EXISTS)]
    outcomes = store.commit([Commit((one,)) for one in batch])
    assert [isinstance(o, Done) and o.repeated for o in outcomes] == [False, True, False]
    assert len(store.read_stream("b-1")) == 2


ACTION = st.tuples(
    st.sampled_from(["a-1", "b-1", "c-1"]),
    st.sampled_from([*Expect, 0, 1, 2]),
    st.integers(1, 3),
    st.integers(0, 9),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(ACTION, max_size=6), max_size=6))
def test_any_history_of_batches_equals_the_model(make: Make, batches: list[list[tuple]]) -> None:
    """Random batches with repeated commands: the log is what a plain list of accepted commands says."""
    store, versions, taken = make(), {}, {}
    for batch in batches:
        commits = [Commit((to(s, e, *["x"] * n, command=f"{c}/{s}"),)) for s, e, n, c in batch]
        for (stream, expected, count, command), outcome in zip(batch, store.commit(commits), strict=True):
            now = versions.get(stream, 0)
            known = taken.get((command, stream))
            if known:
                assert isinstance(outcome, Done)
                assert outcome.repeated
                continue
            fits = {Expect.ANY: True, Expect.EXISTS: now > 0, Expect.NO_STREAM: now == 0}.get(
                expected, expected == now
            )
            assert isinstance(outcome, Done) == fits
            if fits:
                taken[command, stream] = count
                versions[stream] = now + count
    assert store.head().position == sum(versions.values())
    assert {s: len(store.read_stream(s)) for s in versions} == versions


def test_what_was_read_is_demanded_without_being_looked_up_again(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as nobody else appends; somebody else's append is noticed all the same."""
    store = make()
    if not isinstance(store, MongoStore):
        pytest.skip("the store in memory looks nothing up")
    append(store, to("read-1"))
    store.read_streams(["read-1", "read-2"])
    asked = Counted(store)
    monkeypatch.setattr(store._demands, "_newest", asked)
    append(store, to("s-1"), unchanged("read-1", 1), unchanged("read-2", 0))
    assert asked.times == 0
    other = MongoStore(store._client, store.database.name, "sales")
    append(other, to("read-2"))
    with pytest.raises(WrongExpectedVersion):
        append(store, to("s-2"), unchanged("read-2", 0))
    assert asked.times == 1


def test_a_relay_reads_the_newest_events_from_memory_as_they_are_stored(make: Make) -> None:
    """What this process appended last, what another did in between, and all from the beginning."""
    store = make()
    if not isinstance(store, MongoStore):
        pytest.skip("the store in memory is not relayed")
    near = Near(store)
    for number in range(5):
        append(store, to(f"s-{number}", Expect.ANY, "a", "b"))
    other = MongoStore(store._client, store.database.name, "sales")
    assert near.read_log(0, 100) == store.recent(0, 100) == other.read_log(0, 100)
    assert near.read_log(4, 3) == other.read_log(4, 3)
    append(other, to("s-9"))
    append(store, to("s-10"))
    assert [e.position for e in near.read_log(8, 10)] == [9, 10, 11, 12]
    assert [e.position for e in Near(other).read_log(10, 10)] == [11]
    assert near.read_log(11, 10) == Near(other).read_log(11, 10) == store.read_log(11, 10)
    assert near.read_log(12, 10) == []


def test_a_log_that_is_being_prepared_is_away_and_one_without_its_counter_is_corrupt(make: Make) -> None:
    """Whoever asks too early may ask again; whoever asks a damaged log must not."""
    store = make()
    if not isinstance(store, MongoStore):
        pytest.skip("the store in memory is always prepared")
    store.database["counters"].delete_many({})
    with pytest.raises(Corrupt, match="lost its counter"):
        store.head()
    with pytest.raises(Unavailable, match="being prepared"):
        MongoStore(store._client, store.database.name, "sales").head()


def test_an_append_without_events_demands_that_a_stream_that_was_read_is_unchanged(make: Make) -> None:
    """What was decided on another stream is refused as soon as that stream has moved on."""
    store = make()
    append(store, to("read-1", Expect.NO_STREAM))
    append(store, to("a-1", Expect.NO_STREAM), unchanged("read-1", 1), unchanged("read-2", 0))
    append(store, to("read-1", 1))
    with pytest.raises(WrongExpectedVersion, match="read-1"):
        append(store, to("a-1", 1), unchanged("read-1", 1))
    assert len(store.read_stream("a-1")) == 1
    first, second = Commit((to("read-1", 2),)), Commit((to("a-1", 1), unchanged("read-1", 3)))
    assert all(isinstance(outcome, Done) for outcome in store.commit([first, second]))


@pytest.mark.integration
def test_of_two_processes_one_that_reads_what_the_other_changes_is_refused(
    mongodb_url: str, database_prefix: str
) -> None:
    """Each decides on the other's stream as it was; whoever commits second is refused, every time."""
    clients = [connect(mongodb_url) for _ in range(2)]
    stores = [MongoStore(c, f"{database_prefix}_demands", "sales") for c in clients]
    stores[0].prepare()
    barrier, done = Barrier(2), list[tuple[int, bool]]()

    def take(me: int) -> None:
        for turn in range(15):
            mine, others = f"p{me}-{turn}", f"p{1 - me}-{turn}"
            barrier.wait()
            commit = Commit((to(mine, Expect.NO_STREAM), unchanged(others, 0)))
            done.append((turn, isinstance(stores[me].commit([commit])[0], Done)))

    threads = [Thread(target=take, args=(me,)) for me in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [sum(ok for t, ok in done if t == turn) for turn in range(15)] == [1] * 15
    clients[0].drop_database(stores[0].database.name)
    for client in clients:
        client.close()
