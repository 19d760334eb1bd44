"""A broker of its own for the channel library, which is stopped, blocked and killed here."""

import pika
import pytest

from deploy.local.broker import Broker
from deploy.local.processes import free_port
from deploy.local.servers import NEIGHBOURS


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """A private node that tests may stop and kill."""
    node = Broker(tmp_path_factory.mktemp("broker"), free_port(NEIGHBOURS), "rapport-doors")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def inbox(broker):
    """A queue that hears everything on rapport.channels."""
    box = Inbox(broker.url)
    box.open()
    yield box
    box.delete()


class Inbox:
    """What arrived, in order."""

    name = "test.inbox"

    def __init__(self, url):
        self.url = url

    def open(self):
        """Declare the exchange and the queue."""
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            channel = connection.channel()
            channel.exchange_declare("rapport.channels", "topic", durable=True)
            channel.queue_declare(self.name, durable=True)
            channel.queue_bind(self.name, "rapport.channels", "channel.#")

    def delete(self):
        """Remove the queue."""
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            connection.channel().queue_delete(self.name)

    def read(self):
        """Take all messages as (method, properties, body)."""
        found = []
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            channel = connection.channel()
            while (got := channel.basic_get(self.name, auto_ack=True))[0] is not None:
                found.append(got)
        return found
