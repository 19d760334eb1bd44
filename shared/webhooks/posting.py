"""Post one delivery: to the address that was checked, within seconds, following no redirect."""

import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from shared.webhooks.address import Forbidden, addresses, permitted, port_of

WAIT_SECONDS, WHOLE_SECONDS = 10.0, 20.0
GONE = 410
SAID = 300  # bytes of an answer that are kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a delivery: the status answered, or the error; `retry_after` in seconds if told."""

    status: int | None
    error: str | None
    retry_after: int = 0
    took_ms: int = 0

    @property
    def delivered(self) -> bool:
        """Whether the receiver has taken it."""
        return self.error is None

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more."""
        return self.status == GONE


class Post:
    """Sends deliveries; `private` admits addresses inside the company."""

    def __init__(self, private: bool) -> None:
        self._private = private
        self._trust = ssl.create_default_context()

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Post `body` and return what came of it; no failure of the receiver is an exception."""
        begun = time.monotonic()
        try:
            outcome = self._answered(urlsplit(url), body, headers)
        except (OSError, HTTPException, Forbidden) as error:
            outcome = Outcome(None, f"{type(error).__name__}: {error}"[:500])
        return replace(outcome, took_ms=int((time.monotonic() - begun) * 1_000))

    def _answered(self, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> Outcome:
        connection = self._connection(parts)
        watch = Timer(WHOLE_SECONDS, _cut, [connection])
        watch.daemon = True
        watch.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, dict(headers))
            return _judged(connection.getresponse())
        finally:
            watch.cancel()
            connection.close()

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        host, port = parts.hostname or "", port_of(parts)
        address = permitted(addresses(host, port), self._private)
        if parts.scheme == "https":
            return _Secure(host, port, address, self._trust)
        return _Plain(host, port, address)


class _Plain(HTTPConnection):
    """Connects to the address that was checked, whatever the name means a moment later."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=WAIT_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), WAIT_SECONDS)


class _Secure(HTTPSConnection):
    """The same with TLS; the certificate has to be that of the name."""

    def __init__(self, host: str, port: int, address: str, trust: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=WAIT_SECONDS, context=trust)
        self._address, self._trust = address, trust

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), WAIT_SECONDS)
        self.sock = self._trust.wrap_socket(raw, server_hostname=self.host)


def _judged(answer: HTTPResponse) -> Outcome:
    if 200 <= answer.status < 300:
        return Outcome(answer.status, None)
    said = answer.read(SAID).decode("utf-8", "replace")
    why = "redirects are not followed" if 300 <= answer.status < 400 else said
    told = answer.headers.get("Retry-After") or ""
    wait = int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0
    return Outcome(answer.status, f"answered {answer.status}: {why}"[:500], retry_after=wait)


def _cut(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):  # it may have ended by itself
        connection.sock.shutdown(socket.SHUT_RDWR)
