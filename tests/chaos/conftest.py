"""A whole Rapport of the test's own, to be killed piece by piece."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.servers import Servers
from tests.chaos.evidence import Evidence
from tests.chaos.telling import tell
from tests.stack import RunningStack

# It reports every refused connection several times, and here the broker is away on purpose.
logging.getLogger("pika").setLevel(logging.CRITICAL)


@pytest.fixture
def stack(private_servers: Servers, tmp_path: Path) -> Iterator[RunningStack]:
    """The five services on a broker and a database that nobody else uses."""
    running = RunningStack(
        tmp_path / "services", private_servers.vhost(), private_servers.mongodb_url, private_servers.prefix()
    )
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def found(stack: RunningStack) -> Evidence:
    """What the services hold."""
    return Evidence(stack)


@pytest.fixture
def seed() -> int:
    """The seed of this run, printed; RAPPORT_CHAOS_SEED repeats another one."""
    chosen = int(os.environ.get("RAPPORT_CHAOS_SEED") or int.from_bytes(os.urandom(3)))
    tell(f"RAPPORT_CHAOS_SEED={chosen}")
    return chosen
