"""A private broker that these tests may kill, and service processes to talk to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import Broker
from deploy.local.processes import free_port
from deploy.local.servers import NEIGHBOURS
from tests.integration.bus.process import Probe


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A RabbitMQ node of our own."""
    port = free_port(NEIGHBOURS)
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
