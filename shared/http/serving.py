"""Serves an App inside a nameko service: the whole body is here before any work begins.

Every connection has a greenthread of its own, so a slow client waits alone; handlers share `WORKERS` slots.
"""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
from eventlet import greenio, wsgi
from eventlet.semaphore import Semaphore
from nameko.extensions import Entrypoint

from shared.errors import Unavailable
from shared.http.protocol import Protocol, settle
from shared.telemetry import logs, metrics

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

WORKERS = 64
CONNECTIONS = 1000
SOCKET_SECONDS = 5
IDLE_SECONDS = 65
DRAIN_SECONDS = 3.0
SLOT_SECONDS = 5.0
_log = logs.get("http")


class Slots:
    """Bounds the handlers at work; who finds no slot in time is told to come back."""

    def __init__(self, size: int) -> None:
        self._free = Semaphore(size)

    def __enter__(self) -> None:
        if not self._free.acquire(timeout=SLOT_SECONDS):
            raise Unavailable("All workers are busy.", retry_after=1)

    def __exit__(self, *_: object) -> None:
        self._free.release()


class Listener:
    """A socket, its connections, and the WSGI application behind them."""

    def __init__(self, app: Wsgi, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = eventlet.listen((host, port), family=family, backlog=512)
        # A default timeout set by a library must not end the accept loop.
        self._socket.settimeout(None)
        self.port: int = self._socket.getsockname()[1]
        self._server = wsgi.Server(
            self._socket, self._socket.getsockname(), settle(app), protocol=Protocol, keepalive=IDLE_SECONDS,
            socket_timeout=SOCKET_SECONDS, log_output=False, debug=False,
            environ={"rapport.work": Slots(WORKERS)},
        )  # fmt: skip
        self._pool = eventlet.GreenPool(CONNECTIONS)
        self._connections: dict[int, list[Any]] = {}

    def accept(self) -> None:
        """Take connections for ever."""
        while True:
            try:
                client, address = self._socket.accept()
            except OSError as error:  # a client that left while waiting, or no descriptors for the moment
                metrics.LOOP_FAILURES.labels("http_accept").inc()
                _log.warning("accept_failed", exc_info=error)
                eventlet.sleep(0.1)
                continue
            client.settimeout(SOCKET_SECONDS)
            self._pool.spawn_n(self._converse, [address, client, wsgi.STATE_IDLE])

    def stop(self, seconds: float) -> int:
        """Close idle connections now, busy ones after their answer; tell how many took over `seconds`."""
        self._socket.close()
        for connection in list(self._connections.values()):
            state, connection[2] = connection[2], wsgi.STATE_CLOSE
            if state == wsgi.STATE_IDLE:
                greenio.shutdown_safe(connection[1])
        with eventlet.Timeout(seconds, False):
            while self._connections:
                eventlet.sleep(0.02)
        return len(self._connections)

    def _converse(self, connection: list[Any]) -> None:
        self._connections[id(connection)] = connection
        try:
            self._server.process_request(connection)
        except OSError as error:
            _log.debug("connection_lost", exc_info=error)
        except Exception as error:  # one connection must not take the others with it
            metrics.LOOP_FAILURES.labels("http_connection").inc()
            _log.error("connection_failed", exc_info=error)
        finally:
            del self._connections[id(connection)]
            connection[1].close()


class HttpServer(Entrypoint):
    """Serves the App that the decorated method returns, at the host and port of `config["settings"]`.

    An entrypoint, so that nameko stops it before the dependencies its handlers use. The method is called
    once, at start, on an instance that has its dependencies.
    """

    listener: Listener | None = None

    def start(self) -> None:
        """Listen and serve. Raises: OSError when the port is taken."""
        app, settings = self._app(), self.container.config["settings"]
        if hasattr(app, "watch") and hasattr(self.container, "troubles"):
            app.watch(self.container.troubles)
        self.listener = Listener(app, settings.http_host, settings.http_port)
        self._accepting = self.container.spawn_managed_thread(self.listener.accept, identifier="http")
        _log.info("listening", host=settings.http_host, port=self.listener.port)

    def stop(self) -> None:
        """Refuse new connections, let requests in flight finish for up to DRAIN_SECONDS."""
        if self.listener is None:
            return
        self._accepting.kill()
        cut = self.listener.stop(DRAIN_SECONDS)
        if cut:
            _log.warning("requests_cut", count=cut)

    kill = stop

    def _app(self) -> Any:
        service = self.container.service_cls()
        for provider in self.container.dependencies:
            setattr(service, provider.attr_name, provider.get_dependency(None))
        return getattr(service, self.method_name)()


serve = HttpServer.decorator
