"""The secrets of one installation: made once, kept readable by their owner alone."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Admin and service key as bearer tokens; identity and master key as 32 bytes in hex."""

    admin: str
    service: str
    identity: str
    master: str

    @classmethod
    def load(cls, directory: Path) -> "Keys":
        """Read the keys, making those that do not exist yet."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(
            admin=_once(directory / "admin-key", _token),
            service=_once(directory / "service-key", _token),
            identity=_once(directory / "identity-key", _hex),
            master=_once(directory / "master-key", _hex),
        )

    def environment(self) -> dict[str, str]:
        """As the services read them; of the admin key only the digest."""
        return {
            "RAPPORT_ADMIN_KEY_SHA256": hashlib.sha256(self.admin.encode()).hexdigest(),
            "RAPPORT_SERVICE_KEY": self.service,
            "RAPPORT_IDENTITY_KEY": self.identity,
            "RAPPORT_MASTER_KEY": self.master,
        }


class ChannelKeys:
    """The demo channels' keys, remembered per database because each database knows its own."""

    def __init__(self, directory: Path, database_url: str) -> None:
        self.path = directory / "channel-keys.json"
        self.database = hashlib.sha256(database_url.encode()).hexdigest()[:16]

    def read(self) -> dict[str, str]:
        """Key by channel name."""
        return dict(self._all().get(self.database, {}))

    def remember(self, name: str, key: str) -> None:
        """Keep one more."""
        known = self._all()
        known.setdefault(self.database, {})[name] = key
        write_private(self.path, json.dumps(known, indent=2))

    def _all(self) -> dict[str, dict[str, str]]:
        return dict(json.loads(self.path.read_text())) if self.path.exists() else {}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, all or nothing."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def _once(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        write_private(path, make())
    return path.read_text().strip()


def _token() -> str:
    return "rk_" + secrets.token_urlsafe(32)


def _hex() -> str:
    return secrets.token_hex(32)
