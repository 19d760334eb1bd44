"""Routes of an aggregate, from its one declaration: a POST per command, and reads of its state and events."""

from dataclasses import fields
from typing import Any

from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data, to_data
from shared.decide import Context, Loaded, Streams
from shared.errors import FieldError, Invalid, NotFound
from shared.events.clock import Clock, rfc3339
from shared.events.event import Meta
from shared.events.ids import fresh
from shared.events.wire import to_json
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.privacy import Vault
from shared.privacy.sealing import is_sealed

LONGEST_KEY = 150
MOMENT = "at"


def aggregate_routes(plural: str, streams: Streams[Any], vault: Vault, clock: Clock) -> list[Route]:
    """Return `POST /v1/<plural>/<id>/<command>` for every command, and the reads.

    The command's first field is the aggregate's id and is taken from the path. `If-Match` is the version.
    """
    scope = streams.decider.service
    root = f"/v1/{plural}/<key>"
    commands = [
        Route(
            "POST",
            f"{root}/{name}",
            _command(streams, kind, clock),
            f"{scope}:write",
            summary=_first_line(kind),
            body=schema_class(kind, without=given(kind)),
            description=(kind.__doc__ or "").strip(),
        )
        for name, kind in streams.decider.commands.items()
    ]
    return [
        *commands,
        Route(
            "GET", root, _state(streams), f"{scope}:read", summary=f"One of the {plural}, as decisions see it"
        ),
        Route(
            "GET",
            f"{root}/events",
            _events(streams, vault),
            f"{scope}:read",
            summary="Its events, oldest first",
            options=Options(idempotent=False),
        ),
    ]


def given(kind: type) -> tuple[str, ...]:
    """Return the fields of a command that no body gives: the id in the path, `at` from the clock."""
    own, *rest = (field.name for field in fields(kind))
    return (own, *(name for name in rest if name == MOMENT))


def context_of(request: Request, clock: Clock) -> Context:
    """Return the context of a command given over HTTP."""
    meta = Meta(
        command_id=str(request.command_id),
        correlation_id=request.correlation_id or fresh(),
        actor=f"staff:{request.principal.name}"[:200],
        channel="system",
        traceparent=request.traceparent,
    )
    return Context(clock(), meta)


def _command(streams: Streams[Any], kind: type, clock: Clock) -> Any:
    own = fields(kind)[0].name
    schema = schema_class(kind, without=given(kind))()

    def handle(request: Request) -> Answer:
        key, context = _key(request), context_of(request, clock)
        known = {own: key, MOMENT: rfc3339(context.occurred_at)}
        command: Any = from_data(kind, {**schema.dump(request.body), **known})
        done, after = streams.handle(key, command, context, request.if_match)
        body = {"id": key, "version": after.version, "events": [e.full_type for e in done.events]}
        if done.events:
            body["position"] = done.events[-1].position
        return Answer(body, etag=after.version)

    return handle


def _key(request: Request) -> str:
    key: str = request.params["key"]
    if len(key) > LONGEST_KEY:
        raise Invalid(FieldError("/id", f"is longer than {LONGEST_KEY} characters"))
    return key


def _state(streams: Streams[Any]) -> Any:
    def handle(request: Request) -> Answer:
        loaded = _found(streams, request.params["key"])
        return Answer({"id": request.params["key"], **_shown(loaded)}, etag=loaded.version)

    return handle


def _events(streams: Streams[Any], vault: Vault) -> Any:
    def handle(request: Request) -> dict[str, Any]:
        events = streams.store.read_stream(streams.decider.stream(request.params["key"]))
        if not events:
            raise NotFound(f"there is nothing under {request.params['key']}")
        reveal = request.principal.may("pii:read")
        return {"events": [_opened(to_json(e), e.stream, vault, reveal) for e in events]}

    return handle


def _opened(item: dict[str, Any], stream: str, vault: Vault, reveal: bool) -> dict[str, Any]:
    data = item["data"]
    for name, value in data.items():
        if is_sealed(value):
            data[name] = (vault.open(value, stream, name) or "(erased)") if reveal else "***"
    return item


def _found(streams: Streams[Any], key: str) -> Loaded[Any]:
    loaded = streams.load([key], fresh=True)[key]
    if not loaded.version:
        raise NotFound(f"there is nothing under {key}")
    return loaded


def _shown(loaded: Loaded[Any]) -> dict[str, Any]:
    state = {name: _plain(value) for name, value in to_data(loaded.state).items()}
    return {"version": loaded.version, "customer": loaded.customer, "state": state}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(to_data(v) for v in value)
    return "***" if is_sealed(value) else to_data(value)


def _first_line(kind: type) -> str:
    return (kind.__doc__ or kind.__name__).strip().splitlines()[0].rstrip(".")
