"""Who calls: bearer API keys, the administrator's key, and the key services use among themselves."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Protocol

from shared.config import Settings
from shared.errors import Denied
from shared.http.keys import ApiKey

_KEY = re.compile(r"rk_([a-z0-9]{8,32})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller that has been recognised, and what it may do.

    `source` and `types` bound the channel events it may report; patterns such as `channel.web.*`. `teams`
    are those whose numbers alone it may see; none is no limit.
    """

    id: str
    name: str
    scopes: frozenset[str] = frozenset()
    source: str | None = None
    types: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    def may(self, scope: str) -> bool:
        """Whether the principal holds `scope` itself, its family (`contacts:*`) or everything (`*`)."""
        family = scope.partition(":")[0] + ":*"
        return not self.scopes.isdisjoint((scope, family, "*"))

    def may_send(self, source: str, kind: str) -> bool:
        """Whether it may report an event of type `kind` in the name of `source`."""
        if "*" in self.scopes:
            return True
        return source == self.source and any(fnmatchcase(kind, pattern) for pattern in self.types)

    def require(self, scope: str | None, *, narrows: bool = False) -> None:
        """Raises: Denied when `scope` is missing, or the limit to teams meets what `narrows` to none."""
        if scope is not None and not self.may(scope):
            raise Denied(f"This needs the scope {scope}.")
        if self.teams and not narrows:
            limit = ", ".join(self.teams)
            raise Denied(f"This key is limited to teams ({limit}), and nothing here is narrowed to teams.")


NOBODY = Principal(id="", name="nobody")
ADMIN = Principal(id="admin", name="administrator", scopes=frozenset({"*"}))
SERVICE = Principal(
    id="service", name="service", scopes=frozenset({"log:read", "metrics:read", "segments:read"})
)

Authenticate = Callable[[str | None], Principal]
Clock = Callable[[], datetime]


class KeyFinder(Protocol):
    """The part of a key ring that recognises callers."""

    def find(self, key_id: str) -> ApiKey | None:
        """The key's record, or None."""


class Bearer:
    """Recognises `Authorization: Bearer ...`; every failure is one and the same `Denied`."""

    def __init__(
        self, keys: KeyFinder, clock: Clock, admin_key_hash: str = "", service_key: str = ""
    ) -> None:
        self._keys, self._clock = keys, clock
        self._admin = admin_key_hash.lower()
        self._service = hash_of(service_key) if service_key else ""

    @classmethod
    def of(cls, settings: Settings, keys: KeyFinder, clock: Clock) -> "Bearer":
        """With the administrator's and the services' keys that the settings name."""
        return cls(keys, clock, settings.admin_key_hash, settings.service_key)

    def __call__(self, header: str | None) -> Principal:
        """The caller behind an Authorization header. Raises: Denied (unknown)."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Denied("Send an API key as a bearer token.", known=False)
        principal = self._recognise(token.strip())
        if principal is None:
            raise Denied("The API key is unknown, expired or revoked.", known=False)
        return principal

    def _recognise(self, token: str) -> Principal | None:
        match = _KEY.fullmatch(token)
        hashed = hash_of(token)
        if match:
            return self._by_record(match[1], hashed)
        if _same(hashed, self._admin):
            return ADMIN
        return SERVICE if _same(hashed, self._service) else None

    def _by_record(self, key_id: str, hashed: str) -> Principal | None:
        if _same(hashed, self._admin):
            return ADMIN
        key = self._keys.find(key_id)
        if key is None or not _same(hashed, key.hash) or not key.valid_at(self._clock()):
            return None
        return Principal(key.id, key.name, frozenset(key.scopes), key.source, key.types, key.teams)


def hash_of(token: str) -> str:
    """What is stored of a key: SHA-256 in hex. Keys are 256 random bits, so no slow hash is needed."""
    return sha256(token.encode()).hexdigest()


def _same(hashed: str, known: str) -> bool:
    return bool(known) and hmac.compare_digest(hashed, known)
