"""Routes: the table an application is made of, and from which its documentation is generated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, Rule
from werkzeug.routing.converters import ValidationError as NoMatch

from shared.errors import FieldError, Invalid
from shared.http import body as bodies
from shared.http.answer import Answer, Page
from shared.http.problem import Problem, invalid, problem_of
from shared.http.request import Request, query_of
from shared.storable import unstorable

INNER_SLASH = "\ufdd0"  # stands for %2F while routes are matched; Unicode promises that it is no character
Handle = Callable[[Request], "Answer | Page | Mapping[str, Any] | list[Any] | None"]
SchemaLike = Schema | type[Schema] | None


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a route may say beyond its path and schemas.

    `public` serves without a key; `narrows` serves keys limited to teams too and tells them of their teams
    alone, which every other route denies them; `paged` says that `answer` describes the items of a Page;
    `if_match` demands the header (428); `idempotent` honours Idempotency-Key on POST; `slot` False answers
    even when all workers are busy; `call` names a read that can be asked by RPC too; `body_form` is the JSON
    Schema of a body that the handler checks itself; `body_limit` and `inflated_limit` are bytes before and
    after gzip.
    """

    public: bool = False
    narrows: bool = False
    paged: bool = False
    if_match: bool = False
    idempotent: bool = True
    slot: bool = True
    documented: bool = True
    body_limit: int | None = None
    inflated_limit: int | None = None
    consumes: tuple[str, ...] = ("application/json",)
    body_form: Mapping[str, Any] | None = None
    call: str | None = None


@dataclass(frozen=True, eq=False)
class Route:
    """One operation. `scope` None admits every known caller; `status` is that of success.

    `path` uses werkzeug's converters: `/v1/contacts/<ref>`, `/v1/streams/<stream>/<int:version>`.
    """

    method: str
    path: str
    handle: Handle
    scope: str | None = None
    query: SchemaLike = None
    body: SchemaLike = None
    answer: SchemaLike = None
    summary: str = ""
    status: int = 200
    description: str = ""
    options: Options = field(default_factory=Options)

    @cached_property
    def query_schema(self) -> Schema | None:
        """The query's schema, ready to load."""
        return _instance(self.query)

    @cached_property
    def body_schema(self) -> Schema | None:
        """The body's schema, ready to load."""
        return _instance(self.body)

    @cached_property
    def answer_schema(self) -> Schema | None:
        """The answer's schema, ready to dump."""
        return _instance(self.answer)

    @property
    def remembers(self) -> bool:
        """Whether a repeat under one Idempotency-Key gets the first answer."""
        return self.method == "POST" and self.options.idempotent

    def load_query(self, request: Request) -> dict[str, Any]:
        """The validated query. Raises: Invalid whose pointers are `?name`."""
        given = query_of(request.environ)
        if self.query_schema is None:
            return _no_more(given)
        values: dict[str, Any] = _load(self.query_schema, given, "?")
        errors = [FieldError(f"?{name}", e.detail) for name, v in values.items() for e in unstorable(v, "")]
        if errors:
            raise Invalid(*errors)
        return values

    def load_body(self, request: Request) -> Any:
        """The validated body, None for a route that takes none; without a body nothing of it is told."""
        if self.body_schema is None:
            return None
        if not request.raw:
            return _load(self.body_schema, {}, "")
        bodies.require_type(request.environ.get("CONTENT_TYPE") or "", self.options.consumes)
        return _load(self.body_schema, bodies.parse(request.raw, request.depth), "")

    def dump(self, value: Any) -> Any:
        """`value` in the documented form of the answer."""
        schema = self.answer_schema
        if schema is None or isinstance(value, bytes | str) or value is None:
            return value
        if isinstance(value, Page):
            return Page(schema.dump(value.items, many=True), value.next_cursor)
        return schema.dump(value)


def _instance(schema: SchemaLike) -> Schema | None:
    return schema() if isinstance(schema, type) else schema


def _no_more(given: dict[str, str]) -> dict[str, Any]:
    if given:
        raise Invalid(*(FieldError(f"?{name}", "is not a parameter of this operation") for name in given))
    return {}


def _load(schema: Schema, value: Any, prefix: str) -> Any:
    try:
        return schema.load(value)
    except ValidationError as error:
        raise invalid(error, prefix) from error


def _whole(value: Any) -> Any:
    return value.replace(INNER_SLASH, "/") if isinstance(value, str) else value


class _Int64(IntegerConverter):
    def to_python(self, value: str) -> int:
        if len(value) > 18:
            raise NoMatch
        return int(super().to_python(value))


class Table:
    """Finds the route of a request."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        rules = [Rule(r.path, methods=[r.method], endpoint=r, merge_slashes=False) for r in routes]
        table = Map(rules, strict_slashes=False, merge_slashes=False, converters={"int": _Int64})
        self._adapter = table.bind("")

    def match(self, request: Request) -> Route:
        """The route, with the request's `params` filled. Raises: Problem 404, 405."""
        if "\0" in request.path or INNER_SLASH in request.path:
            raise Problem(404, "Nothing is served at this path.")
        path = "/".join(step.replace("/", INNER_SLASH) for step in request.steps)
        try:
            route, params = self._adapter.match(path, request.method)
        except HTTPException as error:
            raise problem_of(error) from error
        request.params = {name: _whole(value) for name, value in params.items()}
        return route  # type: ignore[no-any-return]
