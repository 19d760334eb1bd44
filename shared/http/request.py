"""What a handler sees of an HTTP request."""

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes
from uuid import UUID, uuid4, uuid5

from shared.errors import FieldError, Invalid
from shared.http import body as bodies
from shared.http import etag
from shared.http.auth import NOBODY, Principal
from shared.http.problem import Problem
from shared.telemetry import trace

_COMMANDS = UUID("6f1d1c5e-53a0-4bd9-9a0e-0d1b8a3f7c11")
_SAFE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_UNPREFIXED = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})


class Headers:
    """Request headers, by case-insensitive name."""

    __slots__ = ("_environ",)

    def __init__(self, environ: dict[str, Any]) -> None:
        self._environ = environ

    def get(self, name: str, default: str | None = None) -> str | None:
        """The header's value, or `default`."""
        key = name.upper().replace("-", "_")
        return self._environ.get(key if key in _UNPREFIXED else f"HTTP_{key}", default)

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        names = (key[5:] for key in self._environ if key.startswith("HTTP_"))
        return (name.replace("_", "-").title() for name in names)


class Request:
    """One request; `query` and `body` have passed the route's schemas before a handler sees them.

    `if_match` is the expected stream version, None when the header is absent or `*`.
    """

    __slots__ = (
        "body", "correlation_id", "depth", "environ", "headers", "idempotency_key", "if_match", "method",
        "params", "path", "principal", "query", "raw", "remote", "request_id", "steps", "traceparent",
    )  # fmt: skip

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.headers = Headers(environ)
        self.method: str = environ["REQUEST_METHOD"]
        self.steps = _steps(environ)
        self.path = "/".join(self.steps)
        self.remote: str = environ.get("REMOTE_ADDR", "")
        self.request_id = _safe(environ.get("HTTP_X_REQUEST_ID")) or os.urandom(16).hex()
        self.correlation_id = _safe(environ.get("HTTP_X_CORRELATION_ID")) or self.request_id
        self.traceparent = str(trace.continued(environ.get("HTTP_TRACEPARENT")))
        self.principal: Principal = NOBODY
        self.params: dict[str, Any] = {}
        self.query: dict[str, Any] = {}
        self.body: Any = None
        self.raw = b""
        self.depth = 32
        self.if_match: int | None = None
        self.idempotency_key: str | None = None

    def json(self) -> Any:
        """The body as JSON without a schema. Raises: Problem 400, 415; Invalid."""
        bodies.require_type(self.environ.get("CONTENT_TYPE") or "", ("application/json",))
        return bodies.parse(self.raw, self.depth)

    @property
    def command_id(self) -> UUID:
        """Id for the command this request gives: the same for every repeat under one Idempotency-Key."""
        return uuid5(_COMMANDS, self.idempotency_scope()) if self.idempotency_key else uuid4()

    def idempotency_scope(self) -> str:
        """Names the caller, the route and the key: what a repeated request has in common with the first."""
        return "\n".join((self.principal.id, self.method, self.path, self.idempotency_key or ""))

    def fingerprint(self) -> bytes:
        """Tells two bodies under one Idempotency-Key apart."""
        return sha256(self.environ.get("QUERY_STRING", "").encode() + b"\n" + self.raw).digest()


def read_conditions(request: Request) -> None:
    """Fill `if_match` and `idempotency_key`. Raises: Problem 400 when a header is malformed."""
    request.if_match = etag.expected_version(request.environ.get("HTTP_IF_MATCH"))
    key = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise Problem(
            400, "Idempotency-Key takes 1 to 255 visible ASCII characters.", kind="bad-idempotency-key"
        )
    request.idempotency_key = key


def query_of(environ: dict[str, Any]) -> dict[str, str]:
    """The query string as names and values. Raises: Problem 400; Invalid for repeats and NUL."""
    text = environ.get("QUERY_STRING", "")
    if not text:
        return {}
    try:
        text.encode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise Problem(
            400, "The query string is not percent-encoded UTF-8.", kind="malformed-query"
        ) from error
    names = [name for name, _ in pairs]
    errors = [
        FieldError(f"?{name}", "is given more than once") for name in set(names) if names.count(name) > 1
    ]
    errors += [
        FieldError(f"?{name}", "may not contain a NUL character") for name, v in pairs if "\0" in name + v
    ]
    if errors:
        raise Invalid(*errors)
    return dict(pairs)


def _steps(environ: dict[str, Any]) -> list[str]:
    """The path between its slashes; a step of a server that tells the raw path may hold a slash itself."""
    raw = environ.get("RAW_PATH_INFO")
    try:
        if raw is None or not raw.startswith("/"):
            return (environ.get("PATH_INFO") or "/").encode("latin-1").decode().split("/")
        return [unquote_to_bytes(step.encode("latin-1")).decode() for step in raw.split("/")]
    except UnicodeError:
        return ["\0"]


def _safe(text: str | None) -> str | None:
    return text if text and _SAFE_ID.fullmatch(text) else None
