"""FastStream on RabbitMQ, prefetching as much as our consumer: `URL QUEUE TOTAL`."""

import asyncio
import logging
import sys
from typing import Any

from faststream import FastStream
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue

from tests.bench.consumers.meter import Meter, check

if __name__ == "__main__":
    url, queue, total = sys.argv[1:]
    meter = Meter(int(total))
    broker = RabbitBroker(url, logger=None, log_level=logging.ERROR)

    @broker.subscriber(RabbitQueue(queue, declare=False), channel=Channel(prefetch_count=1000))
    async def receive(data: dict[str, Any], message: RabbitMessage) -> None:
        """Check one event; FastStream has decoded it."""
        check(message.headers["ce-type"], data)
        meter.add(1)

    asyncio.run(FastStream(broker, logger=None).run())
