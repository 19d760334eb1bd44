"""Confirmed publishing to quorum queues: the relay's publisher, the broker's own limit, pika and kombu."""

from collections.abc import Sequence

import pika
from kombu import Connection, Producer, Queue

from shared.events.wire import Message, encode
from shared.relay.publisher import Publisher
from shared.topology import EVENTS, declare, intake_queues
from tests.bench.raw import RawPublisher
from tests.bench.repeats import Trial, alternate, rate
from tests.bench.report import Report, share
from tests.bench.samples import PARTITIONS, domain_events
from tests.bench.world import Measure, World

LIMIT, OURS, ENCODED = "prebuilt frames", "relay publisher", "encoding + relay publisher"
PIKA, KOMBU = "pika, one by one", "kombu, one by one"
SLOW = 20  # the alternatives publish a share of the events: their rate does not depend on the number


def take(world: World) -> Report:
    """Publish the same events in every way."""
    url, queues = world.vhost(), intake_queues("bench", "sales", PARTITIONS)
    declare(url, queues)
    events = domain_events(world.size(20_000), world.seed)
    messages = [encode(event) for event in events]
    few = messages[: max(len(messages) // SLOW, 100)]
    publisher, raw = Publisher(url), RawPublisher(url, EVENTS.name, messages)
    publisher.publish(few)  # connect before the clock runs
    trials = {
        LIMIT: lambda: rate(len(messages), raw.publish),
        OURS: lambda: rate(len(messages), lambda: publisher.publish(messages)),
        ENCODED: lambda: rate(len(messages), lambda: publisher.publish([encode(e) for e in events])),
        PIKA: lambda: pika_one_by_one(url, few),
        KOMBU: lambda: kombu_one_by_one(url, few),
    }
    emptied = {name: _then_empty(trial, url, queues) for name, trial in trials.items()}
    readings = alternate(emptied, world.repeats, world.say)
    publisher.close()
    raw.close()
    size, headers = len(messages[0].body), len(messages[0].headers)
    return Report(
        MEASURE.says,
        "msg/s",
        readings,
        (share(readings, OURS, LIMIT, 0.60),),
        LIMIT,
        (f"{len(messages)} events of {size} bytes and {headers} headers to {PARTITIONS} queues",),
    )


def pika_one_by_one(url: str, messages: Sequence[Message]) -> float:
    """Return the rate of a blocking pika channel that waits for every confirm."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()

    def publish() -> None:
        for message in messages:
            properties = pika.BasicProperties(
                content_type=message.content_type,
                headers=dict(message.headers),
                delivery_mode=2,
                message_id=message.message_id,
            )
            channel.basic_publish(EVENTS.name, message.routing_key, message.body, properties, mandatory=True)

    found = rate(len(messages), publish)
    connection.close()
    return found


def kombu_one_by_one(url: str, messages: Sequence[Message]) -> float:
    """Return the rate of a kombu producer that waits for every confirm."""
    with Connection(url, transport_options={"confirm_publish": True}) as connection:
        producer = Producer(connection, exchange=EVENTS)

        def publish() -> None:
            for message in messages:
                producer.publish(
                    message.body,
                    routing_key=message.routing_key,
                    headers=dict(message.headers),
                    content_type=message.content_type,
                    content_encoding="utf-8",
                    message_id=message.message_id,
                    mandatory=True,
                )

        return rate(len(messages), publish)


def _then_empty(trial: Trial, url: str, queues: Sequence[Queue]) -> Trial:
    def run() -> float:
        found = trial()
        with Connection(url) as connection:
            for queue in queues:
                queue(connection.default_channel).purge()
        return found

    return run


MEASURE = Measure("relay", "Relay: confirmed publish to quorum queues", take)
