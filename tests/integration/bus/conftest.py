"""A private broker that these tests may kill, and service processes to talk to."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import Broker
from tests.integration.bus.process import Probe


def free_port() -> int:
    """Return a port below 30000 that nobody listens on: the broker derives its other ports from it."""
    for port in range(21000, 29000, 7):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no free port")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A RabbitMQ node of our own."""
    port = free_port()
    node = Broker(tmp_path_factory.mktemp("broker"), port, f"bus{port}@localhost")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def probe(broker: Broker, tmp_path: Path) -> Iterator[Probe]:
    """A service process whose handler writes down what it gets; not started yet."""
    process = Probe(broker.url, tmp_path)
    yield process
    process.kill()
