"""The batch entrypoint against a real broker."""

import signal

import amqp
import pytest
from kombu import Connection

from deploy.local.broker import Broker
from tests.integration.bus.process import Probe, seconds_to_stop
from tests.waiting import eventually

pytestmark = pytest.mark.integration


def names(count: int, first: int = 0) -> list[str]:
    """Return message ids in order."""
    return [f"m{number}" for number in range(first, first + count)]


def test_batches_keep_the_order_of_the_queue(probe: Probe) -> None:
    """Messages of one partition are handled once each, in the order they were published."""
    probe.declare()
    probe.start()
    probe.publish(*map(probe.message, names(1000)))
    eventually(lambda: len(probe.seen()) >= 1000, timeout=30)
    assert probe.seen() == names(1000)


def test_poison_is_dead_lettered_and_its_neighbours_are_handled(probe: Probe) -> None:
    """A delivery that can never succeed goes to the dead letters alone."""
    probe.declare()
    before = dead_letters(probe.amqp_url)
    probe.publish(*map(probe.message, [*names(20), "poison1", *names(20, 20), "poison2"]))
    probe.start()
    eventually(lambda: len(probe.seen()) >= 40 and dead_letters(probe.amqp_url) == before + 2)
    assert probe.seen() == names(40)


def test_a_failing_batch_is_repeated_in_order(probe: Probe) -> None:
    """A handler that fails gets the same batch again, and nothing overtakes it."""
    probe.declare()
    probe.turn("fail")
    probe.start()
    probe.publish(*map(probe.message, names(120)))
    eventually(lambda: len(probe.lines("failures")) >= 3)
    assert probe.trouble() or eventually(probe.trouble)
    probe.turn("fail", on=False)
    eventually(lambda: len(probe.seen()) >= 120, timeout=20)
    assert probe.seen() == names(120)
    eventually(probe.ready)


def test_unknown_content_types_and_bytes_reach_the_handler(probe: Probe) -> None:
    """Nothing is dropped for its content type, its encoding or its bytes."""
    probe.declare()
    probe.start()
    probe.publish(probe.message("odd", content_type="application/x-unheard-of"), probe.message("next"))
    with Connection(probe.amqp_url) as connection:
        connection.default_channel.basic_publish_confirm(
            raw_message(), "rapport.channels", probe.message("").routing_key
        )
    eventually(lambda: len(probe.seen()) == 3, timeout=30)
    assert probe.lines("journal")[0]["type"] == "application/x-unheard-of"


def test_a_killed_consumer_loses_nothing(probe: Probe) -> None:
    """After SIGKILL in the middle of a load the next process handles what was not acknowledged."""
    probe.declare()
    first = probe.start()
    probe.publish(*map(probe.message, names(3000)))
    eventually(lambda: len(probe.seen()) > 100, timeout=30)
    first.kill()
    probe.start()
    eventually(lambda: set(probe.seen()) == set(names(3000)), timeout=20)
    assert first_sightings(probe.seen()) == names(3000)


@pytest.mark.slow
def test_a_killed_broker_loses_nothing(probe: Probe, broker: Broker) -> None:
    """After SIGKILL of the broker confirmed messages are handled, and the consumer comes back by itself."""
    probe.declare()
    probe.start()
    probe.publish(*map(probe.message, names(2000)))
    eventually(lambda: len(probe.seen()) > 100, timeout=30)
    broker.kill()
    broker.start()
    eventually(lambda: set(probe.seen()) == set(names(2000)), timeout=30)
    probe.publish(*map(probe.message, names(10, 2000)))
    eventually(lambda: set(probe.seen()) == set(names(2010)))
    assert first_sightings(probe.seen()) == names(2010)


def test_sigterm_of_a_busy_service_finishes_its_batch(probe: Probe) -> None:
    """A batch in hand when SIGTERM comes is finished and acknowledged: no one sees it again."""
    probe.declare()
    probe.turn("hang")
    process = probe.start()
    probe.publish(*map(probe.message, names(50)))
    eventually(lambda: process.poll() is None and probe.trouble() is None)
    process.send_signal(signal.SIGTERM)
    probe.turn("hang", on=False)
    process.wait(5)
    probe.start()
    eventually(lambda: len(probe.seen()) >= 50, timeout=30)
    assert probe.seen() == names(50)


def test_sigterm_of_a_stuck_service_ends_it_and_gives_its_batch_back(probe: Probe) -> None:
    """A handler that hangs does not keep the process: it ends in time and its batch is redelivered."""
    probe.declare()
    probe.turn("hang")
    process = probe.start()
    probe.publish(*map(probe.message, names(50)))
    eventually(probe.ready)
    assert seconds_to_stop(process) < 5
    probe.turn("hang", on=False)
    probe.start()
    eventually(lambda: probe.seen() == names(50))


def test_sigterm_of_an_idle_service_ends_it_at_once(probe: Probe) -> None:
    """With nothing to do the event hub still hears the signal."""
    process = probe.start()
    eventually(probe.ready)
    assert seconds_to_stop(process) < 2


def test_sigterm_while_the_database_is_away(probe: Probe) -> None:
    """A service that still waits for its database says so and ends at once."""
    probe.turn("away")
    process = probe.start()
    eventually(lambda: "database" in (probe.output()))
    assert seconds_to_stop(process) < 3


@pytest.mark.slow
def test_the_broker_may_come_later_and_go_before(probe: Probe, broker: Broker) -> None:
    """A service starts without the broker, consumes when it comes, and stops in time when it is gone."""
    broker.stop()
    process = probe.start()
    eventually(lambda: "not" in (probe.trouble() or "") or "refused" in (probe.trouble() or ""))
    broker.start()
    eventually(probe.ready, timeout=20)
    probe.publish(probe.message("late"))
    eventually(lambda: probe.seen() == ["late"])
    broker.kill()
    try:
        eventually(probe.trouble)
        assert seconds_to_stop(process) < 5
    finally:
        broker.start()


def test_a_loop_that_dies_is_seen_and_restarted(probe: Probe) -> None:
    """A consumer thread that ends turns the service unready, and is started again."""
    probe.declare()
    probe.start()
    eventually(probe.ready)
    probe.turn("break")
    eventually(lambda: "not consumed" in (probe.trouble() or ""))
    eventually(probe.ready)
    probe.publish(*map(probe.message, names(3)))
    eventually(lambda: probe.seen() == names(3))


def dead_letters(amqp_url: str) -> int:
    """Return how many messages are dead-lettered."""
    with Connection(amqp_url) as connection:
        return connection.default_channel.queue_declare("rapport.dead", passive=True).message_count


def raw_message() -> amqp.Message:
    """Return a message whose body and header text are not UTF-8, though it says so."""
    garbage = b"\xff\xfe"
    return amqp.Message(
        garbage, message_id="raw", content_encoding="utf-8", application_headers={"ce-id": garbage}
    )


def first_sightings(seen: list[str]) -> list[str]:
    """Return the ids without their repeats."""
    return list(dict.fromkeys(seen))
