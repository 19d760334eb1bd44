"""What tests rely on: services that start, die and come back."""

from pathlib import Path

import pika
import psutil
import pymongo
import pytest

from deploy.local.servers import Servers
from tests.stack import RunningStack, stand_in

pytestmark = pytest.mark.integration


def test_a_killed_service_comes_back_on_its_port(tmp_path: Path) -> None:
    """A service can be killed and restarted alone, and nothing is left in the end."""
    stack = RunningStack(tmp_path, "amqp://none", "mongodb://none", "t", command=stand_in).start()
    before = stack.processes["sales"].pid
    stack.kill("sales")
    assert not psutil.pid_exists(before)
    stack.restart("sales")
    assert stack.get("sales", "/readyz").json()["service"] == "sales"
    pids = [process.pid for process in stack.processes.values()]
    stack.stop()
    assert not any(map(psutil.pid_exists, pids))


def test_every_module_has_its_own_virtual_host(amqp_url: str, servers: Servers) -> None:
    """Queues of one module are not seen by another."""
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as here:
        here.channel().queue_declare("mine")
    there = pika.BlockingConnection(pika.URLParameters(servers.vhost()))
    with there, pytest.raises(pika.exceptions.ChannelClosedByBroker):
        there.channel().queue_declare("mine", passive=True)


def test_the_database_serves_only_those_who_sign_in(mongodb_url: str, servers: Servers) -> None:
    """The test database takes transactions from its user and refuses strangers."""
    client = pymongo.MongoClient(mongodb_url)
    with client, client.start_session() as session, session.start_transaction():
        client.test.things.insert_one({"_id": 1}, session=session)
        session.abort_transaction()
    if servers.given_mongodb_url is None:
        address = f"mongodb://127.0.0.1:{servers.database.port}/?directConnection=true"
        with pymongo.MongoClient(address) as stranger, pytest.raises(pymongo.errors.OperationFailure):
            stranger.test.things.find_one()
