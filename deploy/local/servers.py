"""A broker and a database to throw away, shared by every test process that names the same folder."""

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.broker import Broker
from deploy.local.database import Database
from deploy.local.processes import free_port, sweep

NEIGHBOURS = (0, 1, 2)  # a broker's port, its name server's, its control port


class Servers:
    """Start once, use from many processes, stop from any of them."""

    def __init__(self, folder: Path, mongodb_url: str | None = None) -> None:
        self.folder = folder.resolve()
        self.given_mongodb_url = mongodb_url
        ports = self._ports()
        self.broker = Broker(self.folder / "broker", ports["broker"])
        self.database = Database(self.folder / "database", ports["database"])

    def _ports(self) -> dict[str, int]:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "ports.json"
        with self._alone():
            if not path.exists():
                ports = {"broker": free_port(NEIGHBOURS), "database": free_port()}
                path.write_text(json.dumps(ports))
            return dict(json.loads(path.read_text()))

    @property
    def mongodb_url(self) -> str:
        """The database given, or the one started here."""
        return self.given_mongodb_url or self.database.url

    def start(self) -> "Servers":
        """Start what does not run yet and return when both serve."""
        programs = [self.broker] if self.given_mongodb_url else [self.broker, self.database]
        with self._alone():
            missing = [program for program in programs if not program.ready()]
            for program in missing:
                program.spawn()
            for program in missing:
                program.wait_ready()
        return self

    def stop(self) -> None:
        """End both, whoever started them."""
        sweep(self.folder, grace=10)

    def vhost(self) -> str:
        """A fresh virtual host: its AMQP URL."""
        return self.broker.add_vhost(f"t{secrets.token_hex(4)}")

    def prefix(self) -> str:
        """A fresh prefix for database names."""
        return f"t{secrets.token_hex(4)}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / "servers.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
