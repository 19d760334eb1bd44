"""One HTTP/1.1 connection under eventlet: bodies against the clock, requests never mixed up."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from socket import SHUT_WR
from typing import Any

import eventlet
import orjson
from eventlet.wsgi import HttpProtocol

from shared.http.problem import MEDIA_TYPE, Problem

HEAD_SECONDS = 10
BODY_SECONDS = 20
LINGER_SECONDS = 2

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class TimedInput:
    """A request body that must be read within BODY_SECONDS in all, however steadily it trickles."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes. Raises: TimeoutError, OSError, ValueError for broken chunks."""
        with eventlet.Timeout(BODY_SECONDS, TimeoutError("the body is too slow")):
            data: bytes = self._source.read(None if size < 0 else size)
            return data


class AmbiguousInput:
    """The body of a request whose length two readers could see differently."""

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002
        """Raises: ValueError always."""
        raise ValueError("the length of the body is ambiguous")


class Protocol(HttpProtocol):
    """eventlet's protocol with clocks, problem documents, and a close that leaves the answer readable."""

    unread = False

    def parse_request(self) -> bool:
        """Read the head of a request within HEAD_SECONDS."""
        with eventlet.Timeout(HEAD_SECONDS, TimeoutError("the head is too slow")):
            return bool(super().parse_request())

    def get_environ(self) -> Environ:
        """The WSGI environ, with a body that ends by itself and a way to reach this connection."""
        environ: Environ = super().get_environ()
        clear = self._is_clear()
        environ["wsgi.input"] = TimedInput(environ["eventlet.input"]) if clear else AmbiguousInput()
        environ["wsgi.input_terminated"] = True
        environ["rapport.connection"] = self
        if not clear:
            environ.pop("CONTENT_LENGTH", None)
            self.close_unread()
        return environ

    def close_unread(self) -> None:
        """Close after this answer: what follows on the wire cannot be told from a next request."""
        self.close_connection = 1
        self.unread = True

    def finish(self) -> None:
        """Close; a client that is still sending gets to read its answer first."""
        if self.unread:
            self._linger()
        super().finish()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer a request that could not even be parsed."""
        body = orjson.dumps(Problem(code, kind="bad-request").body("", ""))
        head = (
            f"HTTP/1.1 {int(code)} {HTTPStatus(code).phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)
        self.close_connection = 1

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: requests are counted and refusals logged by the App."""

    def _is_clear(self) -> bool:
        lengths = self.headers.get_all("content-length", [])
        encodings = self.headers.get_all("transfer-encoding", [])
        return len(lengths) <= 1 and (not encodings or [e.strip().lower() for e in encodings] == ["chunked"])

    def _linger(self) -> None:
        # Closing with unread bytes resets the connection and may destroy the answer before it is read
        # (test_a_huge_body_is_refused_readably). A client that has gone already is no error.
        with suppress(OSError), eventlet.Timeout(LINGER_SECONDS, False):
            self.wfile.flush()
            self.connection.shutdown(SHUT_WR)
            while self.connection.recv(1 << 16):
                pass


def settle(app: Wsgi) -> Wsgi:
    """`app`, closing the connection after an answer that was given before the body was read."""

    def settled(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        result = app(environ, start_response)
        if _is_unread(environ["eventlet.input"]):
            environ["rapport.connection"].close_unread()
        return result

    return settled


def _is_unread(body: Any) -> bool:
    if body.chunked_input:
        return bool(body.chunk_length != 0)
    return bool(body.position < (body.content_length or 0))
