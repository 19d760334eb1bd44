"""What every measure is given: servers of its own, sizes, a seed and somebody to tell of progress."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from deploy.local.servers import Servers
from shared.store.client import Client, connect
from tests.bench.report import Report


@dataclass
class World:
    """Sizes follow `events` where it is given, else each measure's own default; `quick` makes all small."""

    servers: Servers
    folder: Path
    seed: int
    quick: bool
    seconds: float
    events: int | None
    say: Callable[[str], None]

    @property
    def repeats(self) -> int:
        """How many times each trial is run."""
        return 1 if self.quick else 3

    def size(self, usual: int, step: int = 500) -> int:
        """Return a number of events: what was asked for, else `usual`, a quarter when quick."""
        wanted = self.events or (usual // 4 if self.quick else usual)
        return max(wanted // step, 1) * step

    def vhost(self) -> str:
        """Return the AMQP URL of a fresh virtual host."""
        return self.servers.vhost()

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Give a client of the database server."""
        with connect(self.servers.mongodb_url) as client:
            yield client

    def name(self) -> str:
        """Return a fresh name for a database."""
        return f"b{uuid4().hex[:10]}"

    def room(self) -> Path:
        """Return a fresh folder."""
        path = self.folder / uuid4().hex[:8]
        path.mkdir(parents=True)
        return path


@dataclass(frozen=True)
class Measure:
    """A named measure and the function that takes it."""

    name: str
    says: str
    take: Callable[[World], Report]


def settle(seconds: float = 2.0) -> None:
    """Give young quorum queues the moment they need, and the machine a breath."""
    time.sleep(seconds)
