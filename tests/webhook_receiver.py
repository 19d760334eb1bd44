"""A receiver of webhooks that checks signatures with the reference package, and can be told to fail."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(ThreadingHTTPServer):
    """Keeps what was signed right; answers with the statuses in `answers`, one after the other, then 204."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.secret = ""
        self.answers: list[int] = []
        self.taken: list[dict[str, Any]] = []
        self.attempts: list[str] = []
        self.forged = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/hooks?tenant=1"

    def ids(self) -> list[str]:
        """Ids of the events taken, in order, repeats left out."""
        return list(dict.fromkeys(event["id"] for event in self.taken))


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """Take one delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.attempts.append(self.headers["webhook-id"])
        status = self.server.answers.pop(0) if self.server.answers else 204
        try:
            Webhook(self.server.secret).verify(body, dict(self.headers.items()))
        except WebhookVerificationError:
            self.server.forged += 1
            status = 401
        if status == 204:
            self.server.taken.append(json.loads(body) | {"delivery": self.headers["webhook-id"]})
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Give a receiver that listens."""
    server = Receiver()
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
