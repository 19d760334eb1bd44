"""RFC 9457 problems: the one table from failures to HTTP statuses."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from shared.errors import (
    Conflict,
    Corrupt,
    Denied,
    Error,
    FieldError,
    Invalid,
    NotFound,
    Rejected,
    Unavailable,
    WrongExpectedVersion,
)

MEDIA_TYPE = "application/problem+json"


class Problem(Error):
    """A request is refused with this status; `detail` and `errors` are shown to the caller."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        kind: str = "",
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.detail, self.errors = status, detail, tuple(errors)
        self.title = HTTPStatus(status).phrase
        self.kind = kind or self.title.lower().replace(" ", "-")
        self.headers = dict(headers or {})
        super().__init__(detail or self.title)

    def body(self, instance: str, request_id: str) -> dict[str, Any]:
        """The problem document; `type` is stable for each kind of problem."""
        shown: dict[str, Any] = {
            "type": f"urn:rapport:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "instance": instance,
            "request_id": request_id,
        }
        if self.detail:
            shown["detail"] = self.detail
        if self.errors:
            shown["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in self.errors]
        return shown


# The first class that fits wins, so subclasses come before their parents.
_TABLE: tuple[tuple[type[Exception], int, str], ...] = (
    (NotFound, 404, "not-found"),
    (Conflict, 409, "conflict"),
    (Rejected, 409, "rejected"),
    (Corrupt, 500, "corrupt"),
)


def problem_of(error: Exception, *, conditional: bool = False) -> Problem:
    """The problem that tells the caller of `error`; what is not ours becomes a bare 500 without its text.

    `conditional` says that the request carried If-Match: a lost race is then 412, else 409.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, WrongExpectedVersion):
        return Problem(412 if conditional else 409, str(error), kind="wrong-expected-version")
    for kind, told in _TOLD.items():
        if isinstance(error, kind):
            return told(error)
    return _tabled(error)


def _tabled(error: Exception) -> Problem:
    for kind, status, name in _TABLE:
        if isinstance(error, kind):
            return Problem(status, str(error) if status < 500 else "", kind=name)
    return Problem(500)


def _denied(error: Denied) -> Problem:
    if error.known:
        return Problem(403, str(error), kind="denied")
    return Problem(401, str(error), kind="unauthenticated", headers={"WWW-Authenticate": "Bearer"})


def _unrouted(error: HTTPException) -> Problem:
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return Problem(405, f"Allowed here: {allowed}.", headers={"Allow": allowed})
    return Problem(error.code or 404, "Nothing is served at this path." if error.code == 404 else "")


def _invalid(error: Invalid) -> Problem:
    return Problem(422, "The request is not valid.", kind="invalid", errors=error.errors)


def _unavailable(error: Unavailable) -> Problem:
    return Problem(503, str(error), headers={"Retry-After": str(error.retry_after)})


_TOLD: dict[type[Exception], Callable[[Any], Problem]] = {
    Invalid: _invalid,
    Denied: _denied,
    Unavailable: _unavailable,
    HTTPException: _unrouted,
}


def invalid(error: ValidationError, prefix: str = "") -> Invalid:
    """A marshmallow error as field errors; `prefix` is `?` for query parameters."""
    found = list(_flatten(error.messages, "" if prefix else None))
    return Invalid(*(FieldError(prefix + pointer, detail) for pointer, detail in found))


def _flatten(messages: Any, at: str | None) -> Iterable[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flatten(inner, _descend(at, str(key)))
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from _flatten(inner, at)
    else:
        yield at or "", str(messages)


def _descend(at: str | None, key: str) -> str:
    if key == "_schema":
        return at or ""
    step = key.replace("~", "~0").replace("/", "~1")
    return step if at == "" else f"{at or ''}/{step}"
