"""`python -m tests.http_served`: a service whose only entrypoint is an HTTP server; prints its port."""

# ruff: noqa: E402, T201 - the patch comes before everything that opens sockets; the port goes to the test
import eventlet

eventlet.monkey_patch()

import signal
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from marshmallow import Schema, fields
from nameko.containers import ServiceContainer

from shared.http import App, Bearer, MemoryKeyRing, Options, Request, Route
from shared.http.auth import hash_of
from shared.http.serving import serve
from shared.telemetry import logs

TOKEN = "administrators-key"


class Note(Schema):
    """The body of a note."""

    text = fields.String(required=True)


begun: list[str] = []


def measure(request: Request) -> dict[str, Any]:
    """Tell the size of the body."""
    return {"size": len(request.raw)}


def nap(request: Request) -> dict[str, Any]:
    """Answer after the seconds in the path."""
    begun.append(request.request_id)
    eventlet.sleep(request.params["seconds"])
    return {"slept": request.params["seconds"]}


def make_app() -> App:
    """Build the application under test."""
    routes = [
        Route("POST", "/notes", lambda request: request.body, body=Note),
        Route("GET", "/notes/<name>/text", lambda request: {"name": request.params["name"]}),
        Route("POST", "/size", measure),
        Route("POST", "/big", measure, options=Options(body_limit=8 << 20)),
        Route("GET", "/nap/<float:seconds>", nap),
        Route("GET", "/naps", lambda _: {"begun": len(begun)}),
    ]
    authenticate = Bearer(MemoryKeyRing(), lambda: datetime.now(UTC), hash_of(TOKEN))
    return App("Notes", "1", routes, authenticate)


class Notes:
    """A service with nothing but HTTP."""

    name = "notes"

    @serve
    def http(self) -> App:
        """Return the application."""
        return make_app()


def main() -> None:
    """Serve until SIGTERM."""
    logs.configure("notes", "error")
    settings = SimpleNamespace(http_host="127.0.0.1", http_port=0)
    container = ServiceContainer(Notes, {"settings": settings})
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    (server,) = container.entrypoints
    print(server.listener.port, flush=True)
    while container.started:
        eventlet.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
