"""What can be asked by RPC: the reads of the HTTP application, under names; nothing is declared twice.

`get`, `list` and `read_log` read any aggregate and the log. A route that says `call` in its options is a
method of that name: the parameters of its path in order, those of its query by name.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from nameko.exceptions import IncorrectSignature, MalformedRequest, MethodNotFound, serialize

from shared.errors import FieldError, Invalid
from shared.http.app import App
from shared.http.problem import Problem, problem_of
from shared.http.route import Route
from shared.service.rpc_problem import serialized

TOKEN, TRACE, CALLS = "auth_token", "traceparent", "call_id_stack"
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")  # of a parameter in a path
Question = tuple[str, Mapping[str, Any]]  # path and query
Error = dict[str, Any]


def read_log(after: int = 0, limit: int = 500, partition: int | None = None) -> Question:
    """Read the log above a position, as `GET /v1/log` does."""
    return "/v1/log", {"after": after, "limit": limit, "partition": partition}


def get(plural: str, id: str) -> Question:  # noqa: A002 - the word of the interface
    """Read one aggregate."""
    return f"/v1/{_segment('plural', plural)}/{_segment('id', id)}", {}


def list_(
    plural: str, filters: Mapping[str, Any] | None = None, cursor: str | None = None, limit: int = 50
) -> Question:
    """Read a page of the aggregates of one kind that fit the filters."""
    return f"/v1/{_segment('plural', plural)}", {**(filters or {}), "cursor": cursor, "limit": limit}


COMMON: Mapping[str, Callable[..., Question]] = {"read_log": read_log, "get": get, "list": list_}


class Calls:
    """Answers questions by the routes of an application: same keys, scopes, limits and problems."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.methods = {**COMMON, **{r.options.call: _asking(r) for r in app.routes if r.options.call}}

    def answer(self, method: str, body: Any, context: Mapping[str, Any]) -> dict[str, Any]:
        """Return `{"result": ..., "error": ...}` as nameko's clients read it; never raises."""
        try:
            path, query = self._question(method, body)
        except Invalid as wrong:
            return _refused(problem_of(wrong).body(method, ""))
        except (MethodNotFound, IncorrectSignature, MalformedRequest) as wrong:
            return {"result": None, "error": serialize(wrong)}
        status, answered = self._ask(path, query, context)
        return {"result": answered, "error": None} if status < 400 else _refused(answered)

    def _question(self, method: str, body: Any) -> Question:
        asking = self.methods.get(method)
        if asking is None:
            raise MethodNotFound(method)
        if not isinstance(body, Mapping) or not {"args", "kwargs"} <= set(body):
            raise MalformedRequest("Message missing `args` or `kwargs`")
        try:
            return asking(*body["args"], **body["kwargs"])
        except TypeError as error:
            raise IncorrectSignature(str(error)) from None

    def _ask(self, path: str, query: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[int, Any]:
        told: list[str] = []
        environ = _environ(path, query, context)
        chunks = self._app(environ, lambda status, _: told.append(status))
        return _read(int(told[0].split()[0]), b"".join(chunks), path)


def _read(status: int, body: bytes, path: str) -> tuple[int, Any]:
    try:
        return status, orjson.loads(body or b"null")
    except orjson.JSONDecodeError:
        return 406, Problem(406, "This has no JSON form: ask for it over HTTP.").body(path, "")


def _environ(path: str, query: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """The request that asks the same over HTTP; the key comes in the call's context."""
    given = {name: value for name, value in query.items() if value is not None}
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": urlencode(given),
        "REMOTE_ADDR": "rpc",
    }
    if token := context.get(TOKEN):
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    if trace := context.get(TRACE):
        environ["HTTP_TRACEPARENT"] = str(trace)
    if calls := context.get(CALLS):
        environ["HTTP_X_CORRELATION_ID"] = str(calls[0])
    return environ


def _asking(route: Route) -> Callable[..., Question]:
    """Return what makes the question of a route."""
    places = PLACE.findall(route.path)

    def ask(*values: Any, **query: Any) -> Question:
        if len(values) != len(places):
            raise TypeError(f"takes {len(places)} arguments by place: {', '.join(places)}")
        filled = iter([_segment(name, value) for name, value in zip(places, values, strict=True)])
        return PLACE.sub(lambda _: next(filled), route.path), query

    return ask


def _segment(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value or "/" in value:
        raise Invalid(FieldError(f"/{name}", "needs to be a text without a slash"))
    return value


def _refused(document: Error) -> dict[str, Any]:
    return {"result": None, "error": serialized(document)}
