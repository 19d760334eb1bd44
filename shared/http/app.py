"""The WSGI application: from an environ to an answer or a problem, the same way for every route."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from shared.errors import Unavailable
from shared.http import body as bodies
from shared.http.auth import Authenticate
from shared.http.fixed import Readiness, fixed_routes
from shared.http.idempotency import Answers, Remembered
from shared.http.problem import Problem
from shared.http.rate import RateLimit
from shared.http.reply import Reply, refuse, reply_of, send
from shared.http.request import Request, read_conditions
from shared.http.route import Route, Table
from shared.telemetry import logs, metrics

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Check = Callable[[], str | None]

_FREE: AbstractContextManager[None] = nullcontext()
_log = logs.get("http")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of every request: bytes on the wire, bytes after gzip, JSON nesting, requests per key."""

    body_bytes: int = 1 << 20
    inflated_bytes: int = 8 << 20
    depth: int = 32
    rate: str = "1000/second"


class App:
    """Serves a table of routes.

    `checks` are the named conditions of readiness: a check returns None when it holds, else the reason.
    A WSGI server may put a context manager `rapport.work` into the environ; handlers run inside it.
    """

    def __init__(
        self,
        title: str,
        version: str,
        routes: Iterable[Route],
        authenticate: Authenticate,
        limits: Limits = Limits(),
        checks: Mapping[str, Check] | None = None,
        answers: Answers | None = None,
        asyncapi: Callable[[], Mapping[str, Any]] | None = None,
        description: str = "",
    ) -> None:
        self.title, self.version, self.description = title, version, description
        self.limits, self.asyncapi = limits, asyncapi
        self.readiness = Readiness(dict(checks or {}))
        self.routes = (*routes, *fixed_routes(self))
        self._table = Table(self.routes)
        self._authenticate, self._answers = authenticate, answers
        self._rate = RateLimit(limits.rate)

    def authenticate(self, request: Request) -> None:
        """Recognise the caller by its Authorization header. Raises: Denied."""
        request.principal = self._authenticate(request.environ.get("HTTP_AUTHORIZATION"))

    def watch(self, troubles: Callable[[], Mapping[str, str]]) -> None:
        """Also be unready while `troubles` returns any, by the name of the part that has it."""
        self.readiness.watch(troubles)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        begun = perf_counter()
        request = Request(environ)
        route: Route | None = None
        trace_id = request.traceparent.split("-")[1]
        logs.bind(request_id=request.request_id, correlation_id=request.correlation_id, trace_id=trace_id)
        try:
            route = self._table.match(request)
            reply = self._serve(route, request)
        except Exception as error:  # the loop of a server: told to the caller, logged and counted
            reply = refuse(request, error, route.path if route else "unmatched")
        _observe(route, reply, perf_counter() - begun)
        logs.clear()
        return send(request, reply, start_response)

    def _serve(self, route: Route, request: Request) -> Reply:
        options = route.options
        if not options.public:
            self.authenticate(request)
            request.principal.require(route.scope, narrows=options.narrows)
            self._rate.spend(request.principal.id)
        read_conditions(request)
        if options.if_match and "If-Match" not in request.headers:
            raise Problem(428, 'Send If-Match with the ETag you have read, such as "7".')
        self._read_body(route, request)
        with request.environ.get("rapport.work", _FREE) if options.slot else _FREE:
            request.query = route.load_query(request)
            request.body = route.load_body(request)
            return self._once(route, request)

    def _read_body(self, route: Route, request: Request) -> None:
        request.depth = self.limits.depth
        wire = route.options.body_limit or self.limits.body_bytes
        inflated = route.options.inflated_limit or max(wire, self.limits.inflated_bytes)
        data = bodies.read(request.environ, wire)
        request.raw = bodies.unpack(data, request.environ.get("HTTP_CONTENT_ENCODING"), inflated)

    def _once(self, route: Route, request: Request) -> Reply:
        if self._answers is None or request.idempotency_key is None or not route.remembers:
            return reply_of(route, request, route.handle(request))
        scope = request.idempotency_scope()
        known = self._answers.begin(scope, request.fingerprint())
        if known:
            return Reply(known.status, [*known.headers, ("Idempotency-Replayed", "true")], known.body)
        try:
            reply = reply_of(route, request, route.handle(request))
        except BaseException:
            self._answers.abandon(scope)
            raise
        self._remember(self._answers, scope, reply)
        return reply

    @staticmethod
    def _remember(answers: Answers, scope: str, reply: Reply) -> None:
        if not isinstance(reply.body, bytes):
            return
        try:
            answers.finish(scope, Remembered(reply.status, tuple(reply.headers), reply.body))
        except Unavailable as error:
            # The effect is committed and the caller must hear so; a repeat within a minute meets 409.
            _log.warning("answer_not_remembered", exc_info=error)


def _observe(route: Route | None, reply: Reply, seconds: float) -> None:
    path = route.path if route else "unmatched"
    method = route.method if route else "other"
    metrics.HTTP_REQUESTS.labels(method, path, str(reply.status)).inc()
    metrics.HTTP_SECONDS.labels(method, path).observe(seconds)
