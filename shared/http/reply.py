"""From a handler's result, or its failure, to status, headers and bytes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.urls import iri_to_uri

from shared.errors import Denied
from shared.http import etag
from shared.http.answer import JSON, Answer, Page, encode, packed
from shared.http.problem import MEDIA_TYPE, problem_of
from shared.http.request import Request, query_of
from shared.http.route import Route
from shared.telemetry import logs

StartResponse = Callable[..., Any]

_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_log = logs.get("http")


@dataclass(slots=True)
class Reply:
    """An answer that is ready to go out."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes | Iterator[bytes]


def reply_of(route: Route, request: Request, result: Any) -> Reply:
    """What a handler returned, with the route's status unless the answer has its own."""
    answer = result if isinstance(result, Answer) else Answer(result)
    status = answer.status or route.status
    headers = [("Content-Type", answer.content_type), *answer.headers.items()]
    if answer.location:
        headers.append(("Location", iri_to_uri(answer.location)))
    if answer.etag is not None:
        headers.append(("ETag", etag.render(answer.etag)))
        if _is_known(request, answer.etag):
            return Reply(304, headers[1:], b"")
    if isinstance(answer.body, Page) and answer.body.next_cursor:
        headers.append(("Link", _next_link(request, answer.body.next_cursor)))
    body = route.dump(answer.body) if answer.content_type == JSON else answer.body
    return Reply(status, headers, encode(body))


def _is_known(request: Request, version: int) -> bool:
    if request.method not in ("GET", "HEAD"):
        return False
    return etag.unchanged(version, request.environ.get("HTTP_IF_NONE_MATCH"))


def _next_link(request: Request, cursor: str) -> str:
    query = query_of(request.environ) | {"cursor": cursor}
    path = "/".join(quote(step, safe="") for step in request.steps)
    return f'<{path}?{urlencode(query)}>; rel="next"'


def refuse(request: Request, error: Exception, place: str) -> Reply:
    """The problem for `error`, logged under the request id the caller is told; denials are audited.

    The log names the `place`, the route's template: a path may hold an address or a telephone number.
    """
    problem = problem_of(error, conditional="If-Match" in request.headers)
    about = {"method": request.method, "path": place, "status": problem.status}
    if problem.status >= 500 and problem.status != 503:
        _log.error("failed", **about, exc_info=error)
    elif isinstance(error, Denied):
        who = {"principal": request.principal.id, "remote": request.remote, "reason": problem.detail}
        _log.warning("denied", audit=True, **about, **who)
    else:
        _log.info("refused", **about, kind=problem.kind)
    body = encode(problem.body(request.path.replace("\0", "�"), request.request_id))
    return Reply(problem.status, [("Content-Type", MEDIA_TYPE), *problem.headers.items()], body)


_SECURITY = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def send(request: Request, reply: Reply, start_response: StartResponse) -> Iterable[bytes]:
    """Start the response with the security headers, and give its body."""
    headers = [*reply.headers, ("X-Request-ID", request.request_id), *_SECURITY]
    names = {name for name, _ in reply.headers}
    if "Cache-Control" not in names:
        headers.append(("Cache-Control", "no-store" if reply.status >= 400 else "private, no-cache"))
    if "Content-Security-Policy" not in names:
        headers.append(("Content-Security-Policy", _CSP))
    if isinstance(reply.body, bytes):
        return _send_whole(request, reply, reply.body, headers, start_response)
    start_response(_REASONS[reply.status], headers)
    return [] if request.method == "HEAD" else reply.body


def _send_whole(
    request: Request, reply: Reply, body: bytes, headers: list[tuple[str, str]], start_response: StartResponse
) -> Iterable[bytes]:
    kind = reply.headers[0][1] if reply.headers else ""
    small = packed(body, kind, request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    if small is not None:
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        body = small
    if reply.status not in (204, 304):
        headers.append(("Content-Length", str(len(body))))
    start_response(_REASONS[reply.status], headers)
    return [] if request.method == "HEAD" or reply.status in (204, 304) else [body]
