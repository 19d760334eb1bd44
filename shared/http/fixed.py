"""The routes every service has: health, metrics and its own documentation."""

import time
from collections.abc import Callable, Mapping
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from shared.http import docs, openapi
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.telemetry import logs, metrics

if TYPE_CHECKING:
    from shared.http.app import App

_PUBLIC = Options(public=True, slot=False, documented=False)
_ASKED_AGAIN_AFTER = 1.0
_log = logs.get("health")


def fixed_routes(app: "App") -> list[Route]:
    """Health without a key, metrics for this machine or the scope `metrics:read`, documents without a key."""
    document = cache(lambda: openapi.document(app))
    page = cache(lambda: docs.page(document()))
    served: dict[str, Callable[[Request], Any]] = {
        "/healthz": lambda _: {"alive": True},
        "/readyz": lambda _: app.readiness.answer(),
        "/metrics": lambda request: _metrics(app, request),
        "/openapi.json": lambda _: document(),
        "/docs": lambda _: Answer(page(), content_type="text/html; charset=utf-8", headers=docs.HEADERS),
    }
    if app.asyncapi:
        asyncapi = cache(app.asyncapi)
        served["/asyncapi.json"] = lambda _: asyncapi()
    return [Route("GET", path, handle, options=_PUBLIC) for path, handle in served.items()]


class Readiness:
    """Runs the named checks, at most once a second however often it is asked."""

    def __init__(self, checks: Mapping[str, Callable[[], str | None]]) -> None:
        self._checks = dict(checks)
        self._watched: list[Callable[[], Mapping[str, str]]] = []
        self._asked, self._reasons = float("-inf"), ["not checked yet"]

    def watch(self, troubles: Callable[[], Mapping[str, str]]) -> None:
        """Also ask `troubles`, which returns reasons by the name of the part."""
        self._watched.append(troubles)

    def answer(self) -> Answer:
        """200 when every check holds, else 503 with the reasons."""
        if time.monotonic() - self._asked > _ASKED_AGAIN_AFTER:
            self._reasons = self._ask()
            self._asked = time.monotonic()
        ready = not self._reasons
        return Answer({"ready": ready, "reasons": self._reasons}, status=200 if ready else 503)

    def _ask(self) -> list[str]:
        failed = [reason for name in self._checks if (reason := self._reason(name))]
        return failed + [f"{part}: {why}" for troubles in self._watched for part, why in troubles().items()]

    def _reason(self, name: str) -> str | None:
        try:
            reason = self._checks[name]()
        except Exception as error:  # a check that fails is a reason, logged and shown by its kind
            _log.warning("check_failed", check=name, exc_info=error)
            reason = type(error).__name__
        return f"{name}: {reason}" if reason else None


def _metrics(app: "App", request: Request) -> Answer:
    if not _is_local(request):
        app.authenticate(request)
        request.principal.require("metrics:read")
    return Answer(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _is_local(request: Request) -> bool:
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.remote).is_loopback
    except ValueError:
        return False
