"""OpenAPI 3.1 from the route table, so that what is documented is what is served."""

import re
import warnings
from typing import TYPE_CHECKING, Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared.http.problem import MEDIA_TYPE
from shared.http.route import Route

if TYPE_CHECKING:
    from shared.http.app import App

_PARAMETER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
_TYPES: dict[str, dict[str, Any]] = {
    "int": {"type": "integer", "minimum": 0},
    "float": {"type": "number"},
    "uuid": {"type": "string", "format": "uuid"},
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body, or `?name`."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_NARROWED = "Open to keys limited to teams, who are told of their teams alone."
_REFUSALS = {
    "400": "Malformed", "401": "Unknown caller", "403": "Scope missing, or limited", "404": "Not found",
    "409": "Conflict", "412": "Stale If-Match", "413": "Too large", "415": "Unsupported type",
    "422": "Invalid fields", "428": "If-Match required", "429": "Too many requests", "503": "Try again later",
}  # fmt: skip


def document(app: "App") -> dict[str, Any]:
    """The OpenAPI document of everything `app` serves but its fixed routes."""
    info = {"description": app.description}
    plugins = [MarshmallowPlugin(schema_name_resolver=_name)]
    spec = APISpec(app.title, app.version, "3.1.0", plugins=plugins, info=info)
    spec.components.schema("Problem", _PROBLEM)
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer", "bearerFormat": "rk_..."})
    with warnings.catch_warnings():
        # Two views of one schema (partial, many) get numbered names; that is what we want.
        warnings.simplefilter("ignore", UserWarning)
        for route in app.routes:
            if route.options.documented:
                spec.path(path=template(route.path), operations={route.method.lower(): _operation(route)})
    return spec.to_dict()  # type: ignore[no-any-return]


def template(path: str) -> str:
    """A werkzeug rule as an OpenAPI path template."""
    return _PARAMETER.sub(r"{\2}", path)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary or _operation_id(route),
        "tags": [_tag(route.path)],
        "parameters": _parameters(route),
        "responses": {str(route.status): _success(route)} | _refusals(route),
        "security": [] if route.options.public else [{"key": []}],
    }
    scope = f"Scope: `{route.scope}`." if route.scope else ""
    notes = [route.description, scope, _NARROWED if route.options.narrows else ""]
    if any(notes):
        operation["description"] = "\n\n".join(filter(None, notes))
    if form := route.options.body_form or route.body_schema:
        content = {media: {"schema": form} for media in route.options.consumes}
        operation["requestBody"] = {"required": _needed(route), "content": content}
    return operation


def _needed(route: Route) -> bool:
    schema = route.body_schema
    return schema is None or any(field.required for field in schema.fields.values())


def _operation_id(route: Route) -> str:
    words = re.sub(r"[^a-zA-Z0-9]+", "_", _PARAMETER.sub(r"by_\2", route.path)).strip("_")
    return f"{route.method.lower()}_{words.removeprefix('v1_')}"


def _tag(path: str) -> str:
    steps = [step for step in path.split("/") if step and not step.startswith("<")]
    return steps[1] if len(steps) > 1 and re.fullmatch(r"v\d+", steps[0]) else (steps or ["root"])[0]


def _parameters(route: Route) -> list[Any]:
    found: list[Any] = [
        {"in": "path", "name": name, "required": True, "schema": _TYPES.get(kind, {"type": "string"})}
        for kind, name in _PARAMETER.findall(route.path)
    ]
    if route.query_schema:
        found.append({"in": "query", "schema": route.query_schema})
    if route.options.if_match:
        found.append(_header("If-Match", 'The ETag you have read, such as `"7"`.', required=True))
    if route.remembers:
        found.append(
            _header("Idempotency-Key", "Repeats under one key get the first answer.", required=False)
        )
    return found


def _header(name: str, text: str, *, required: bool) -> dict[str, Any]:
    form: dict[str, Any] = {"type": "string"}
    if name == "Idempotency-Key":
        form |= {"minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"}
    else:
        form["pattern"] = '^("[0-9]{1,18}"|\\*)$'
    return {"in": "header", "name": name, "required": required, "description": text, "schema": form}


def _success(route: Route) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Success"}
    if route.answer_schema and route.status != 204:
        answer["content"] = {"application/json": {"schema": _answer_schema(route.answer_schema, route)}}
    return answer


def _answer_schema(schema: Schema, route: Route) -> Any:
    if not route.options.paged:
        return schema
    cursor = {"type": ["string", "null"]}
    items = {"type": "array", "items": schema}
    fields = {"items": items, "next_cursor": cursor}
    return {"type": "object", "required": list(fields), "properties": fields}


def _refusals(route: Route) -> dict[str, Any]:
    absent = {"401", "403", "429"} if route.options.public else set()
    absent |= set() if route.options.if_match else {"412", "428"}
    absent |= set() if route.body_schema or route.method in ("POST", "PUT", "PATCH") else {"413", "415"}
    content = {MEDIA_TYPE: {"schema": "Problem"}}
    known = {
        code: {"description": text, "content": content}
        for code, text in _REFUSALS.items()
        if code not in absent
    }
    # Refused before any application is asked, hence without a body.
    return known | {"414": {"description": "The request line is longer than 8 KiB"}}


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")
