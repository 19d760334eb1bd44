"""Where one installation lives: its folder and its ports."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("contacts", "sales", "campaigns", "support", "analytics")
SOCKET_PATH_LIMIT = 100  # bytes; the system allows 108


@dataclass(frozen=True, slots=True)
class Place:
    """Folder (`RAPPORT_HOME`, else `.rapport` in the project) and port base (`RAPPORT_PORT_BASE`, 8100)."""

    home: Path
    base: int = 8100

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Place":
        """Read the place from the environment.

        Raises:
            Refusal: the port base is not a usable number.
        """
        base = environ.get("RAPPORT_PORT_BASE", "8100")
        if not base.isdigit() or not 1024 <= int(base) <= 45000:
            raise Refusal(f"RAPPORT_PORT_BASE must be a number from 1024 to 45000, not {base!r}.")
        home = Path(environ.get("RAPPORT_HOME", ROOT / ".rapport")).resolve()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(home, int(base))

    @property
    def ports(self) -> dict[str, int]:
        """The port of every service's HTTP door."""
        return {name: self.base + number for number, name in enumerate(SERVICES, 1)}

    @property
    def broker_port(self) -> int:
        """AMQP."""
        return self.base + 10

    @property
    def database_port(self) -> int:
        """MongoDB's wire protocol."""
        return self.base + 20

    def url(self, service: str) -> str:
        """Base address of a service."""
        return f"http://127.0.0.1:{self.ports[service]}"

    @property
    def logs(self) -> Path:
        """One file per program."""
        return self.home / "logs"

    @property
    def secrets(self) -> Path:
        """Readable by their owner alone."""
        return self.home / "secrets"

    @property
    def lock(self) -> Path:
        """Held by the `up` that runs here; says its process id."""
        return self.home / "up.lock"

    @property
    def ready_note(self) -> Path:
        """There while everything runs."""
        return self.home / "ready"

    @property
    def socket(self) -> Path:
        """Where the process manager takes orders; elsewhere when the folder's path is too long for it."""
        path = self.home / "supervisor.sock"
        if len(str(path)) <= SOCKET_PATH_LIMIT:
            return path
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"rapport-{digest}.sock"
