"""Every setting of a Rapport process, read once from the environment and checked before anything starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from os import environ as process_environ
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, cast
from urllib.parse import urlsplit

from environs import EnvValidationError, FileAwareEnv, ValidationError, validate

from shared.errors import Error

PREFIX = "RAPPORT_"
PORTS = MappingProxyType(
    {"contacts": 8101, "sales": 8102, "campaigns": 8103, "support": 8104, "analytics": 8105}
)
SERVICES = tuple(PORTS)
_DATABASE = validate.Regexp(r"^[a-z][a-z0-9_]{0,30}\Z")
LEVELS = ("debug", "info", "warning", "error")


class BadSettings(Error):
    """The environment does not describe a runnable process; the text names every variable at fault."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process needs to know about its surroundings. Secrets are kept out of `repr` and `masked`."""

    amqp_url: str = field(repr=False)
    mongodb_url: str = field(repr=False)
    identity_key: bytes = field(repr=False)
    master_key: bytes = field(repr=False)
    service: str = ""
    database_prefix: str = "rapport"
    partitions: int = 4
    http_host: str = "127.0.0.1"
    http_port: int = 8100
    admin_key_hash: str = field(default="", repr=False)
    service_key: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_sender: str = "noreply@localhost"
    public_url: str = ""
    webhooks_private: bool = False
    log_level: str = "info"
    peers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, service: str | None = None) -> Self:
        """Read `environ` (the process's own unless given); `service` overrides RAPPORT_SERVICE.

        `RAPPORT_X_FILE` names a file that holds the value of `RAPPORT_X`. Raises: BadSettings.
        """
        env = _Env(process_environ if environ is None else environ)
        name = service or env.str("SERVICE", "", validate=validate.OneOf(("", *SERVICES))) or ""
        values = _required(env) | _optional(env, name)
        try:
            env.seal()
        except EnvValidationError as error:
            raise BadSettings(_explain(cast("Mapping[str, list[str]]", error.error_messages))) from error
        return cls(service=name, **values)

    def database(self, service: str | None = None) -> str:
        """Name of the database that `service` (this one unless given) owns."""
        return f"{self.database_prefix}_{service or self.service}"

    @property
    def keys_database(self) -> str:
        """Name of the database that holds the keys of persons, apart from all data they seal."""
        return f"{self.database_prefix}_keys"

    def peer(self, service: str) -> str:
        """Base URL of another service's HTTP API, without a trailing slash."""
        return self.peers[service]

    def masked(self) -> dict[str, Any]:
        """Every setting under its variable's name, with secrets and passwords in URLs replaced by `***`."""
        names = [f.name for f in fields(self) if f.name != "peers"]
        shown = {_variable(name): _mask(name, getattr(self, name)) for name in names}
        return shown | {f"{PREFIX}{name.upper()}_URL": _mask_url(url) for name, url in self.peers.items()}


class _Env(FileAwareEnv):
    """Reads one mapping, so that a test or a command can be given its own environment."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(eager=False, prefix=PREFIX)
        self._given = given

    def _get_value(self, env_key: str, default: Any) -> Any:
        path = self._given.get(env_key + self.file_suffix)
        if not path:
            return self._given.get(env_key, default)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self._errors[env_key + self.file_suffix].append("must name a readable text file")
            return default


def _required(env: _Env) -> dict[str, Any]:
    return {
        "amqp_url": env.str("AMQP_URL", validate=_url("amqp", "amqps")),
        "mongodb_url": env.str("MONGODB_URL", validate=_url("mongodb", "mongodb+srv")),
        "identity_key": _key(env.str("IDENTITY_KEY", validate=_hex(32))),
        "master_key": _key(env.str("MASTER_KEY", validate=_hex(32))),
    }


def _optional(env: _Env, service: str) -> dict[str, Any]:
    return {
        "database_prefix": env.str("DATABASE_PREFIX", "rapport", validate=_DATABASE),
        "partitions": env.int("PARTITIONS", 4, validate=validate.Range(1, 256)),
        "http_host": env.str("HTTP_HOST", "127.0.0.1", validate=validate.Length(min=1)),
        "http_port": env.int("HTTP_PORT", PORTS.get(service, 8100), validate=validate.Range(0, 65535)),
        "admin_key_hash": env.str("ADMIN_KEY_SHA256", "", validate=_unless_empty(_hex(32))),
        "service_key": env.str("SERVICE_KEY", "", validate=_unless_empty(validate.Length(min=32))),
        "smtp_url": env.str("SMTP_URL", "", validate=_unless_empty(_url("smtp", "smtps"))),
        "mail_sender": env.str("MAIL_SENDER", "noreply@localhost", validate=validate.Email()),
        "public_url": env.str("PUBLIC_URL", "", validate=_unless_empty(_url("http", "https"))),
        "webhooks_private": env.bool("WEBHOOKS_PRIVATE", False),
        "log_level": env.str("LOG_LEVEL", "info", validate=validate.OneOf(LEVELS)),
        "peers": MappingProxyType({name: _peer(env, name) for name in SERVICES}),
    }


def _peer(env: _Env, service: str) -> str:
    default = f"http://127.0.0.1:{PORTS[service]}"
    return (env.str(f"{service.upper()}_URL", default, validate=_url("http", "https")) or "").rstrip("/")


def _url(*schemes: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        try:
            fits = urlsplit(text).scheme in schemes and bool(urlsplit(text).netloc)
        except ValueError:
            fits = False
        if not fits:
            raise ValidationError(f"must be a URL that starts with {' or '.join(s + '://' for s in schemes)}")

    return check


def _hex(size: int) -> Callable[[str], None]:
    def check(text: str) -> None:
        if len(text) != 2 * size or set(text.lower()) - set("0123456789abcdef"):
            raise ValidationError(f"must be {2 * size} hexadecimal digits ({size} bytes)")

    return check


def _unless_empty(check: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: check(text) if text else None


def _key(text: str | None) -> bytes:
    return bytes.fromhex(text or "")


def _explain(errors: Mapping[str, list[str]]) -> str:
    return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in sorted(errors.items()))


_VARIABLES = {"admin_key_hash": "ADMIN_KEY_SHA256"}
_SECRETS = frozenset({"identity_key", "master_key", "admin_key_hash", "service_key"})


def _variable(name: str) -> str:
    return PREFIX + _VARIABLES.get(name, name.upper())


def _mask(name: str, value: Any) -> Any:
    if name in _SECRETS:
        return "***" if value else ""
    return _mask_url(value) if name.endswith("_url") else value


def _mask_url(url: str) -> str:
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    shown = user.split(":", 1)[0] + ":***@" + host if at else host
    return parts._replace(netloc=shown).geturl()
