"""What the front office offers besides the commands of its aggregates."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.contacts.office.exporting import Exporting
from services.contacts.office.importing import Importing, Row
from services.contacts.office.organizing import Organizing
from services.contacts.office.reading import Reading
from services.contacts.office.registering import Person, Registering
from services.contacts.office.telling import readable
from shared.contracts.fields import Moment, Number
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.identity import KINDS
from shared.service.aggregate_routes import context_of

SHORT, TEXT = validate.Length(1, 200), validate.Length(1, 2_000)
TEXT_PLAIN = "text/plain; charset=utf-8"
READ = Options(idempotent=False)


class PersonBody(Schema):
    """Somebody: identifiers by kind, and fields of the profile that the collection plan declares."""

    identifiers = fields.Dict(
        keys=fields.String(validate=validate.OneOf(KINDS)),
        values=fields.String(validate=SHORT),
        load_default=dict,
    )
    profile = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 100)),
        values=fields.String(validate=TEXT),
        load_default=dict,
    )


class RowBody(PersonBody):
    """One row of the file, by its number."""

    row = Number(required=True, validate=validate.Range(1, 10_000_000))


class RowsBody(Schema):
    """Rows of one file."""

    rows = fields.List(fields.Nested(RowBody), required=True, validate=validate.Length(1, 500))


class RequestBody(Schema):
    """The request the person made, as your records name it."""

    request_id = fields.String(required=True, validate=SHORT)


class Form(Schema):
    """As data, or as text for the person to read."""

    form = fields.String(load_default="json", validate=validate.OneOf(("json", "text")))


class MergeBody(Schema):
    """The organization that goes on as an alias of the one in the path."""

    absorbed_id = fields.String(required=True, validate=SHORT)
    reason = fields.String(load_default=None, allow_none=True, validate=TEXT)


class AsOf(Schema):
    """The moment to look at; now when it is left out."""

    as_of = Moment(load_default=None)


class Days(Schema):
    """How many days count as not read."""

    days = fields.Integer(load_default=90, validate=validate.Range(1, 3_650))


def person_of(body: dict[str, Any], source: str) -> Person:
    """Return the person a body tells of."""
    return Person(body["identifiers"], body["profile"], source)


def person_routes(
    registering: Registering, reading: Reading, exporting: Exporting, clock: Clock
) -> list[Route]:
    """Return the routes to register and read a person."""

    def register(request: Request) -> Answer:
        told = registering.register(person_of(request.body, "staff"), context_of(request, clock))
        body = {"contact_id": told.contact_id, "action": told.action, "version": told.to_version}
        return Answer(body, location=f"/v1/contacts/{told.contact_id}", etag=told.to_version)

    def profile(request: Request) -> dict[str, Any]:
        return reading.profile(request.params["key"], clock())

    def consents(request: Request) -> dict[str, Any]:
        return reading.consents(request.params["key"], request.query["as_of"] or clock())

    def export(request: Request) -> Answer:
        context = context_of(request, clock)
        told = exporting.export(request.params["key"], request.body["request_id"], context)
        if request.query["form"] == "text":
            return Answer(readable(told), content_type=TEXT_PLAIN)
        return Answer(told)

    def unread(request: Request) -> dict[str, Any]:
        return reading.unread(request.query["days"], clock())

    root, read, write = "/v1/contacts", "contacts:read", "contacts:write"
    return [
        Route("POST", root, register, write, body=PersonBody,
              summary="Register a person, or find the contact they are known as"),
        Route("GET", f"{root}/<key>/profile", profile, "pii:read", options=READ,
              summary="The profile in the clear; counts as reading its fields"),
        Route("GET", f"{root}/<key>/consents", consents, read, query=AsOf, options=READ,
              summary="The consent ledger, and what of it is in force at a moment"),
        Route("POST", f"{root}/<key>/export", export, "pii:read", body=RequestBody, query=Form,
              summary="Everything that all services hold about a person; the export is written down"),
        Route("GET", "/v1/plans/contact/unread", unread, read, query=Days, options=READ,
              summary="Declared fields that nobody reads"),
    ]  # fmt: skip


def batch_routes(importing: Importing, organizing: Organizing, clock: Clock) -> list[Route]:
    """Return the routes of import batches, and of merging organizations."""

    def rows(request: Request) -> dict[str, Any]:
        key = request.params["key"]
        wanted = [Row(r["row"], person_of(r, f"import-{key}"[:200])) for r in request.body["rows"]]
        return {"rows": importing.take(key, wanted, context_of(request, clock))}

    def validate_rows(request: Request) -> dict[str, Any]:
        key = request.params["key"]
        wanted = [Row(r["row"], person_of(r, f"import-{key}"[:200])) for r in request.body["rows"]]
        return {"rows": importing.validate(key, wanted, context_of(request, clock))}

    def revert(request: Request) -> dict[str, Any]:
        return importing.revert(request.params["key"], context_of(request, clock))

    def merge(request: Request) -> dict[str, Any]:
        said = (request.params["key"], request.body["absorbed_id"], request.body["reason"])
        done = organizing.merge(*said, context_of(request, clock))
        return {"events": [e.full_type for e in done.events], "repeated": done.repeated}

    write = "contacts:write"
    return [
        Route("POST", "/v1/imports/<key>/validate", validate_rows, write, body=RowsBody,
              summary="Try rows of a file: what taking each would do, and which would be refused"),
        Route("POST", "/v1/imports/<key>/rows", rows, write, body=RowsBody,
              summary="Take rows of a file; each counts once, with its own result"),
        Route("POST", "/v1/imports/<key>/revert", revert, write,
              summary="Take an applied import back, except for contacts that changed since"),
        Route("POST", "/v1/organizations/<key>/merge", merge, write, body=MergeBody,
              summary="Declare that another entry is the same organization"),
    ]  # fmt: skip
