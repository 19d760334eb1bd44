"""The publisher against a real broker."""

import os
import signal
import threading
import time
from uuid import uuid4

import pytest
from kombu import Connection, Queue, binding

from deploy.local.broker import Broker
from shared.errors import Corrupt, Unavailable
from shared.events.wire import Message
from shared.relay.publisher import Publisher, Unroutable
from shared.topology import EVENTS, SETTLE_SECONDS, declare, intake_queues
from tests.waiting import eventually

pytestmark = pytest.mark.integration


@pytest.fixture
def queue(broker: Broker) -> Queue:
    """A queue of the test's own."""
    return new_queue(broker, settle=0.3)


def new_queue(broker: Broker, settle: float) -> Queue:
    """Return a new queue, bound to the keys that start with its name."""
    name = f"q{uuid4().hex[:8]}"
    made = Queue(
        name,
        bindings=[binding(EVENTS, routing_key=f"{name}.#")],
        durable=True,
        queue_arguments={"x-queue-type": "quorum"},
    )
    declare(broker.url, [made], settle=settle)
    return made


def messages(queue: Queue, count: int, first: int = 0, size: int = 200) -> list[Message]:
    """Return numbered messages for a queue."""
    return [
        Message(f"{queue.name}.x", {"ce-id": str(number)}, b"x" * size, str(number))
        for number in range(first, first + count)
    ]


def failure(publisher: Publisher, lot: list[Message]) -> str:
    """Return why publishing fails; empty when it does not."""
    try:
        publisher.publish(lot)
    except Unavailable as error:
        return str(error)
    return ""


def received(broker: Broker, queue: Queue) -> list[str]:
    """Take everything from a queue."""
    with Connection(broker.url) as connection:
        channel, found = connection.channel(), []
        while (message := channel.basic_get(queue.name, no_ack=True)) is not None:
            found.append(message.properties["message_id"])
        return found


def test_everything_confirmed_is_there_in_order(broker: Broker, queue: Queue) -> None:
    """More messages than the window holds arrive once each, in order."""
    publisher = Publisher(broker.url, window=200)
    assert publisher.publish(messages(queue, 1000)).confirmed == 1000
    publisher.close()
    assert received(broker, queue) == [str(number) for number in range(1000)]


def test_what_no_queue_wants_is_reported(broker: Broker, queue: Queue) -> None:
    """An event nobody hears is normal and counted; where a route is required it is an error."""
    lost = Message("nobody.listens", {}, b"{}", "lost")
    publisher = Publisher(broker.url)
    assert publisher.publish([*messages(queue, 2), lost]).unroutable == ("lost",)
    assert publisher.unroutable == 1
    strict = Publisher(broker.url, require_route=True)
    with pytest.raises(Unroutable) as refusal:
        strict.publish([lost])
    assert refusal.value.ids == ("lost",)
    assert strict.publish(messages(queue, 1)).confirmed == 1


def test_large_bodies_and_many_threads(broker: Broker, queue: Queue) -> None:
    """Bodies larger than a frame pass, and threads may share a publisher."""
    publisher = Publisher(broker.url)
    lots = [messages(queue, 20, first=20 * lot, size=300_000) for lot in range(4)]
    threads = [threading.Thread(target=publisher.publish, args=(lot,)) for lot in lots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, received(broker, queue))) == list(range(80))


def test_a_refused_message_is_sent_again(broker: Broker) -> None:
    """A queue that is full refuses: the publisher tries again, then says so."""
    name = f"full{uuid4().hex[:8]}"
    full = Queue(
        name,
        bindings=[binding(EVENTS, routing_key=f"{name}.#")],
        queue_arguments={"x-queue-type": "quorum", "x-max-length": 5, "x-overflow": "reject-publish"},
    )
    declare(broker.url, [full], settle=0.5)
    publisher = Publisher(broker.url)
    eventually(lambda: "refused" in failure(publisher, messages(full, 20)))


@pytest.mark.slow
def test_a_dead_broker_is_unavailable_and_a_living_one_is_found_again(broker: Broker) -> None:
    """Publishing fails at once while the broker is dead and works when it is back."""
    queue = new_queue(broker, settle=SETTLE_SECONDS)
    publisher = Publisher(broker.url)
    publisher.publish(messages(queue, 3))
    broker.kill()
    try:
        with pytest.raises(Unavailable):
            publisher.publish(messages(queue, 1, first=3))
    finally:
        broker.start()
    eventually(lambda: publisher.publish(messages(queue, 1, first=3)), timeout=20)
    assert received(broker, queue)[:4] == ["0", "1", "2", "3"]


def test_a_connection_that_died_while_idle_is_replaced(broker: Broker, queue: Queue) -> None:
    """The first publish after the broker closed the connection succeeds."""
    publisher = Publisher(broker.url)
    publisher.publish(messages(queue, 1))
    broker.control("close_all_connections", "test")
    assert publisher.publish(messages(queue, 1, first=1)).confirmed == 1
    assert received(broker, queue) == ["0", "1"]


def test_an_alarm_is_unavailable_not_a_hang(broker: Broker, queue: Queue) -> None:
    """A broker short of memory blocks publishers without an error: the publisher says so quickly."""
    publisher = Publisher(broker.url, timeout=3)
    publisher.publish(messages(queue, 1))
    broker.control("set_vm_memory_high_watermark", "0.0000001")
    try:
        eventually(lambda: "alarm" in failure(publisher, messages(queue, 1, first=1)), timeout=5)
    finally:
        broker.control("set_vm_memory_high_watermark", "0.4")
    eventually(lambda: publisher.publish(messages(queue, 1, first=2)), timeout=20)


@pytest.mark.slow
def test_a_broker_that_stands_still_costs_nobody_more_than_the_timeout(broker: Broker, queue: Queue) -> None:
    """Callers that wait for each other wait for the broker together, not one after the other."""
    publisher, slowest = Publisher(broker.url, timeout=2), []
    publisher.publish(messages(queue, 1))

    def attempt() -> None:
        began = time.monotonic()
        failure(publisher, messages(queue, 1))
        slowest.append(time.monotonic() - began)

    assert broker.pid
    os.killpg(broker.pid, signal.SIGSTOP)
    try:
        threads = [threading.Thread(target=attempt) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    finally:
        os.killpg(broker.pid, signal.SIGCONT)
    assert max(slowest) < 4
    eventually(lambda: publisher.publish(messages(queue, 1)), timeout=20)


def test_declaring_again_changes_nothing(broker: Broker) -> None:
    """The second declaration finds everything there; one with other arguments is refused."""
    queues = intake_queues("reader", f"source{uuid4().hex[:6]}", 2)
    assert declare(broker.url, queues, settle=0) == 2
    assert declare(broker.url, queues, settle=0) == 0
    other = Queue(queues[0].name, durable=True, queue_arguments={"x-queue-type": "classic"})
    with pytest.raises(Corrupt, match="other arguments"):
        declare(broker.url, [other])
