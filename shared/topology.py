"""Exchanges, queues and bindings as values, and the one function that makes them real.

Channel queues may lose nothing: no length limit, refused or expired messages are dead-lettered at least once.
Intake queues may lose anything: they are bounded, and the chain check repairs them from the log.
"""

import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress

from amqp.exceptions import AMQPError, NotFound, PreconditionFailed
from kombu import Connection, Exchange, Queue, binding

from shared.errors import Corrupt, Unavailable

CHANNELS = Exchange("rapport.channels", type="topic", durable=True)
EVENTS = Exchange("rapport.events", type="topic", durable=True)
DEAD = Exchange("rapport.dead", type="topic", durable=True)

# Counted only when a process or connection dies with the message in hand, so it isolates crash loops alone.
# It must be explicit: without a limit a returned message goes to the back of the queue and order is gone.
DELIVERY_LIMIT = 100
INTAKE_LENGTH = 1_000_000
# py-amqp gives a silent peer one second before it drops the connection: too little for a busy machine.
SOCKET = {"socket_settings": {socket.TCP_USER_TIMEOUT: 5_000}}
# A quorum queue whose node dies within about a second of its declaration can stay leaderless for ever.
SETTLE_SECONDS = 2.0

DEAD_LETTERS = Queue(
    "rapport.dead", DEAD, routing_key="#", durable=True, queue_arguments={"x-queue-type": "quorum"}
)


def channel_queues(service: str, partitions: int, types: Sequence[str] = ("channel.*.*.*",)) -> list[Queue]:
    """Return `<service>.channels.<p>` for every partition, bound to the channel event types it handles."""
    return [_channel_queue(service, partition, types) for partition in range(partitions)]


def intake_queues(reader: str, source: str, partitions: int) -> list[Queue]:
    """Return `<reader>.<source>.<p>` for every partition, bound to all domain events of `source`."""
    return [
        _queue(f"{reader}.{source}.{p}", EVENTS, [f"rapport.{source}.*.*.{p}"], _BOUNDED)
        for p in range(partitions)
    ]


def reaction_queues(reader: str, source: str, partitions: int, types: Sequence[str]) -> list[Queue]:
    """Return `<reader>.reactions.<source>.<p>`: loss-free queues for some domain event types of `source`."""
    return [
        _queue(f"{reader}.reactions.{source}.{p}", EVENTS, [f"{kind}.{p}" for kind in types], _LOSS_FREE)
        for p in range(partitions)
    ]


def declare(
    amqp_url: str, queues: Iterable[Queue], settle: float = SETTLE_SECONDS, timeout: float = 5.0
) -> int:
    """Declare exchanges and queues; return how many queues were new, `settle` seconds after they were made.

    Raises Unavailable when the broker is away, Corrupt when a queue exists with other arguments.
    """
    try:
        with Connection(amqp_url, connect_timeout=timeout) as connection:
            for exchange in (CHANNELS, EVENTS, DEAD):
                exchange(connection.default_channel).declare()
            made = sum(_declare(connection, queue) for queue in (DEAD_LETTERS, *queues))
    except (OSError, AMQPError) as error:
        raise Unavailable(f"the broker does not answer: {error}") from error
    if made:
        time.sleep(settle)
    return made


def _declare(connection: Connection, queue: Queue) -> bool:
    new = not _exists(connection, queue)
    with closing(connection.channel()) as channel:
        try:
            queue(channel).declare()
        except PreconditionFailed as error:
            raise Corrupt(f"queue {queue.name} exists with other arguments: {error}") from error
    return new


def _exists(connection: Connection, queue: Queue) -> bool:
    channel = connection.channel()
    with suppress(NotFound):
        queue(channel).queue_declare(passive=True)
        channel.close()
        return True
    return False


def _channel_queue(service: str, partition: int, types: Sequence[str]) -> Queue:
    keys = [f"{kind}.{partition}" for kind in types]
    return _queue(f"{service}.channels.{partition}", CHANNELS, keys, _LOSS_FREE)


def _queue(name: str, exchange: Exchange, keys: Sequence[str], arguments: dict[str, object]) -> Queue:
    bindings = [binding(exchange, routing_key=key) for key in keys]
    return Queue(name, bindings=bindings, durable=True, queue_arguments=_ORDERED | arguments)


_ORDERED: dict[str, object] = {
    "x-queue-type": "quorum",
    "x-single-active-consumer": True,
    "x-delivery-limit": DELIVERY_LIMIT,
    "x-dead-letter-exchange": DEAD.name,
}
_LOSS_FREE: dict[str, object] = {
    "x-overflow": "reject-publish",
    "x-dead-letter-strategy": "at-least-once",
}
_BOUNDED: dict[str, object] = {"x-overflow": "drop-head", "x-max-length": INTAKE_LENGTH}
