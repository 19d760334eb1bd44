"""What the front office offers over HTTP besides the front door: merge, unmerge, erase, look up."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.contacts.erasure import Erasure
from services.contacts.identity.index import Index
from services.contacts.merging import Merging
from shared.errors import NotFound
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Route
from shared.identity import KINDS, Refs, normalise
from shared.service.aggregate_routes import context_of

ID = validate.Length(1, 200)


class MergeBody(Schema):
    """The contact that goes on as an alias of the one in the path."""

    absorbed_id = fields.String(required=True, validate=ID)
    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 2_000))


class UnmergeBody(Schema):
    """The contact that shall stand for itself again, and why."""

    absorbed_id = fields.String(required=True, validate=ID)
    reason = fields.String(required=True, validate=validate.Length(1, 2_000))
    moved_event_ids = fields.List(
        fields.String(validate=ID), load_default=list, validate=validate.Length(0, 2_000)
    )


class EraseBody(Schema):
    """The request the person made, as your records name it."""

    request_id = fields.String(required=True, validate=ID)


def contact_routes(merging: Merging, erasure: Erasure, index: Index, refs: Refs, clock: Clock) -> list[Route]:
    """Return the routes under `/v1/contacts`."""

    def merge(request: Request) -> Answer:
        body, key = request.body, request.params["key"]
        done = merging.merge(key, body["absorbed_id"], body["reason"], context_of(request, clock))
        return Answer(_told(done))

    def unmerge(request: Request) -> Answer:
        body, key = request.body, request.params["key"]
        said = (body["absorbed_id"], body["reason"], body["moved_event_ids"])
        return Answer(_told(merging.unmerge(key, *said, context_of(request, clock))))

    def erase(request: Request) -> Answer:
        context = context_of(request, clock)
        return Answer(erasure.erase(request.params["key"], request.body["request_id"], context))

    def resolve(request: Request) -> dict[str, Any]:
        kind, value = request.params["kind"], request.params["value"]
        if kind not in KINDS:
            raise NotFound(f"{kind} is not a kind of identifier; known are {', '.join(KINDS)}")
        ref = refs.of(normalise(kind, value))
        owner = index.owners([ref], fresh=True).get(ref)
        if not owner:  # nobody, or several who share it
            raise NotFound(f"nobody is known by this {kind}")
        return {"contact_id": owner, "ref": ref}

    return [
        Route(
            "POST",
            "/v1/contacts/<key>/merge",
            merge,
            "contacts:write",
            body=MergeBody,
            summary="Declare that another contact is the same person; can be taken back",
        ),
        Route(
            "POST",
            "/v1/contacts/<key>/unmerge",
            unmerge,
            "contacts:write",
            body=UnmergeBody,
            summary="Take a merge back: both contacts stand for themselves again",
        ),
        Route(
            "POST",
            "/v1/contacts/<key>/erase",
            erase,
            "pii:erase",
            body=EraseBody,
            summary="Erase a person by destroying the keys of all they were known by",
        ),
        Route(
            "GET",
            "/v1/contacts/by/<kind>/<value>",
            resolve,
            "contacts:read",
            summary="Which contact an identifier belongs to",
        ),
    ]


def _told(done: Any) -> dict[str, Any]:
    return {"events": [e.full_type for e in done.events], "repeated": done.repeated}
