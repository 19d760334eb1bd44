"""What every service serves besides its business: the log and its head; and the ledger of what it heard."""

from typing import Any

from marshmallow import Schema, fields, validate
from pymongo.database import Database

from shared.errors import FieldError, Invalid
from shared.events.wire import to_json
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.receive.records import LEDGER
from shared.store.client import answering
from shared.store.port import Store

MOST, ABOUT = 2_000, 5_000
NAME = validate.Length(1, 200)


class AboutBody(Schema):
    """Whom to look for, by their refs, which events besides, and from which position on."""

    customers = fields.List(fields.String(validate=NAME), required=True, validate=validate.Length(1, 5_000))
    ids = fields.List(fields.String(validate=NAME), load_default=list, validate=validate.Length(0, 10_000))
    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**53))


class LogQuery(Schema):
    """Which part of the log."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**53))
    limit = fields.Integer(load_default=500, validate=validate.Range(1, MOST))
    partition = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 1023))


def log_routes(store: Store) -> list[Route]:
    """Return the routes: late joiners, repairs and audits all read the log here."""

    def read(request: Request) -> dict[str, Any]:
        query = request.query
        if (query["partition"] or 0) >= store.partitions:
            raise Invalid(FieldError("?partition", f"is not below {store.partitions}"))
        events = store.read_log(query["after"], query["limit"], query["partition"])
        return {"events": [to_json(event) for event in events], "head": store.head().position}

    def head(_: Request) -> dict[str, Any]:
        found = store.head()
        return {"service": store.service, "position": found.position, "tails": list(found.tails)}

    def about(request: Request) -> dict[str, Any]:
        body = request.body
        found = store.read_about(body["customers"], body["ids"])
        page = [e for e in found if e.position > body["after"]][:ABOUT]
        return {"events": [to_json(event) for event in page]}

    once = Options(idempotent=False)
    return [
        Route(
            "GET",
            "/v1/log",
            read,
            "log:read",
            query=LogQuery,
            summary="Read the log",
            options=once,
            description="Recorded events above a position, in order and without gaps, as CloudEvents.",
        ),
        Route(
            "POST",
            "/v1/log/about",
            about,
            "log:read",
            body=AboutBody,
            options=once,
            summary="Everything the log holds about a person, by every ref they are known by",
        ),
        Route("GET", "/v1/log/head", head, "log:read", summary="Where the log ends"),
    ]


def ledger_route(service: str, database: Database[dict[str, Any]]) -> Route:
    """Return the route of what became of the channel events a service received."""

    def ledger(_: Request) -> dict[str, Any]:
        with answering():
            sources = sorted(database[LEDGER].find({}), key=lambda d: str(d["_id"]))
        return {"service": service, "sources": [{"source": d.pop("_id"), **d} for d in sources]}

    return Route("GET", "/v1/ledger", ledger, "log:read", summary="What became of every event, per source")
