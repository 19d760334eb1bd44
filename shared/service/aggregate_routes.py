"""Routes of an aggregate, from its one declaration: a POST per command, and reads of its state and events."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from typing import Any

from shared.contracts.blank import blanks
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data, to_data
from shared.decide import Context, Loaded, Streams
from shared.errors import FieldError, Invalid, NotFound
from shared.events.clock import Clock, rfc3339
from shared.events.event import Event, Meta
from shared.events.ids import fresh
from shared.events.wire import to_json
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.privacy import Vault
from shared.privacy.keeping import EXPIRED, over
from shared.privacy.sealing import is_sealed
from shared.service.preparing import Prepared, Preparing
from shared.store.port import Done
from shared.values import is_filled

PLAIN = Preparing()
LONGEST_KEY, UNREADABLE = 150, re.compile(r"[\x00-\x1f\x7f-\x9f]")
MOMENT, CUSTOMER = "at", "customer"


def aggregate_routes(
    plural: str, streams: Streams[Any], vault: Vault, clock: Clock, preparing: Preparing = PLAIN
) -> list[Route]:
    """Return `POST /v1/<plural>/<id>/<command>` for every command, and the reads.

    One that has a line in lists has it alone at `.../status` too, which is `<category>_status(id)` by RPC.

    The command's first field is the aggregate's id and is taken from the path, its facts from the log.
    `If-Match` is the version.
    """
    scope = streams.decider.service
    root = f"/v1/{plural}/<key>"
    commands = [
        Route(
            "POST",
            f"{root}/{name}",
            _command(streams, kind, clock, preparing),
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
            "GET",
            root,
            _state(streams, preparing),
            f"{scope}:read",
            summary=f"One of the {plural}, as decisions see it",
        ),
        Route(
            "GET",
            f"{root}/events",
            _events(streams, vault, clock),
            f"{scope}:read",
            summary="Its events, oldest first",
            options=Options(idempotent=False),
        ),
        *_status(root, streams),
    ]


def _status(root: str, streams: Streams[Any]) -> list[Route]:
    """Return the route to the line of one aggregate, as lists show it."""
    decider = streams.decider
    if decider.summary is None:
        return []

    def handle(request: Request) -> dict[str, Any]:
        key = request.params["key"]
        loaded = _found(streams, key)
        line = decider.summary(loaded.state) if decider.summary else None
        if line is None:
            raise NotFound(f"there is nothing under {key}")
        shown = {name: _plain(value) for name, value in line.items()}
        return {"id": key, "version": loaded.version, "customer": loaded.customer, **shown}

    options = Options(idempotent=False, call=f"{decider.category}_status")
    summary = "How it stands: its line in lists"
    return [
        Route("GET", f"{root}/status", handle, f"{decider.service}:read", summary=summary, options=options)
    ]


def given(kind: type) -> tuple[str, ...]:
    """Return the fields no body gives: the id in the path, `at` from the clock, what the service fills in."""
    own, *rest = fields(kind)
    return (own.name, *(f.name for f in rest if f.name == MOMENT or is_filled(f)))


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


def _command(streams: Streams[Any], kind: type, clock: Clock, preparing: Preparing) -> Any:
    own = fields(kind)[0].name
    schema = schema_class(kind, without=given(kind))()

    def handle(request: Request) -> Answer:
        if errors := list(blanks(kind, request.body)):
            raise Invalid(*errors)
        asked, context = key_of(request), context_of(request, clock)
        key = preparing.resolve(asked)
        known = {own: key, MOMENT: rfc3339(context.occurred_at)}
        prepared = preparing.complete(from_data(kind, {**schema.dump(request.body), **known}))
        about = replace(context, meta=replace(context.meta, customer=_customer(prepared)))
        done, after = streams.handle(key, prepared.command, about, request.if_match, prepared.writes)
        return Answer({**_told(key, done, after), **_redirected(asked, key)}, etag=after.version)

    return handle


def _customer(prepared: Prepared) -> str | None:
    """A command's field `customer` says whom the stream it opens is about."""
    return prepared.customer or getattr(prepared.command, CUSTOMER, None)


def _told(key: str, done: Done, after: Loaded[Any]) -> dict[str, Any]:
    body = {"id": key, "version": after.version, "events": [e.full_type for e in done.events]}
    return {**body, "position": done.events[-1].position} if done.events else body


def _redirected(asked: str, key: str) -> dict[str, str]:
    return {} if asked == key else {"redirected_from": asked}


def key_of(request: Request) -> str:
    """Return the id in the path under which a command is given. Raises Invalid."""
    key: str = request.params["key"]
    if len(key) > LONGEST_KEY:
        raise Invalid(FieldError("/id", f"is longer than {LONGEST_KEY} characters"))
    if not key.strip() or UNREADABLE.search(key):
        raise Invalid(FieldError("/id", "is blank, or holds what can not be read"))
    return key


def _state(streams: Streams[Any], preparing: Preparing) -> Any:
    def handle(request: Request) -> Answer:
        key = request.params["key"]
        loaded = _found(streams, key) if preparing.state is None else streams.load([key], fresh=True)[key]
        shown = _shown(loaded) if preparing.state is None else _known(preparing.state(key), key, loaded)
        return Answer({"id": key, **shown}, etag=loaded.version)

    return handle


def _known(state: Mapping[str, Any] | None, key: str, loaded: Loaded[Any]) -> dict[str, Any]:
    if state is None:
        raise NotFound(f"there is nothing under {key}")
    return {"version": loaded.version, "customer": loaded.customer, "state": state}


def _events(streams: Streams[Any], vault: Vault, clock: Clock) -> Any:
    def handle(request: Request) -> dict[str, Any]:
        events = streams.store.read_stream(streams.decider.stream(request.params["key"]))
        if not events:
            raise NotFound(f"there is nothing under {request.params['key']}")
        reveal = request.principal.may("pii:read")
        show = partial(_told_in, vault, reveal, clock())
        return {"events": [_opened(event, show) for event in events]}

    return handle


def _opened(event: Event, show: Callable[[Event, str], str]) -> dict[str, Any]:
    item = to_json(event)
    sealed = [name for name, value in item["data"].items() if is_sealed(value)]
    return {**item, "data": {**item["data"], **{name: show(event, name) for name in sealed}}}


def _told_in(vault: Vault, reveal: bool, now: datetime, event: Event, name: str) -> str:
    """A value that was kept as long as it may be is closed to everybody."""
    if not reveal:
        return "***"
    if over(event.data, now):
        return EXPIRED
    return vault.open(event.data[name], event.stream, name) or "(erased)"


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
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return "***" if is_sealed(value) else to_data(value)


def _first_line(kind: type) -> str:
    return (kind.__doc__ or kind.__name__).strip().splitlines()[0].rstrip(".")
