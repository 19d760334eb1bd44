"""The route of the front door."""

from collections import Counter
from typing import Any

from marshmallow import Schema, fields

from services.contacts.door.front_door import MOST_ITEMS, FrontDoor
from shared.errors import FieldError, Invalid
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route

BODY_BYTES = 4 << 20
TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
EVENT = {
    "type": "object",
    "required": ["id", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": TEXT,
        "source": {**TEXT, "description": "Your system; the source of your key when it is left out"},
        "type": {**TEXT, "description": "An event type of the catalogue (`/asyncapi.json`)"},
        "time": {
            "type": "string",
            "format": "date-time",
            "description": "When it happened; now when left out",
        },
        "data": {
            "type": "object",
            "description": "The payload of the type, with `customer` and its identifiers",
        },
    },
    "example": {
        "id": "visit-1",
        "source": "web-shop",
        "type": "channel.web.page_viewed.v1",
        "time": "2026-05-01T10:00:00Z",
        "data": {"page": "/kettles", "customer": {"email": "ada@example.org"}},
    },
}
EVENTS = {"type": "array", "items": EVENT, "minItems": 1, "maxItems": MOST_ITEMS}
FORM = {"oneOf": [EVENT, EVENTS], "example": EVENT["example"]}


class Reason(Schema):
    """One field that is wrong."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)


class ItemResult(Schema):
    """What became of one item."""

    id = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"description": "accepted, duplicate or rejected"})
    errors = fields.List(fields.Nested(Reason))


class EventsTaken(Schema):
    """One result per item, in order, and how many there are of each kind."""

    accepted = fields.Integer(required=True)
    duplicate = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    results = fields.List(fields.Nested(ItemResult), required=True)


def door_routes(door: FrontDoor) -> list[Route]:
    """Return `POST /v1/events`."""

    def take(request: Request) -> Answer:
        verdicts = door.take(_items(request.json()), request.principal)
        counts = Counter(v.status for v in verdicts)
        body: dict[str, Any] = {name: counts[name] for name in ("accepted", "duplicate", "rejected")}
        return Answer({**body, "results": [v.shown() for v in verdicts]})

    options = Options(
        idempotent=False,
        body_limit=BODY_BYTES,
        body_form=FORM,
        consumes=("application/json", "application/cloudevents+json", "application/cloudevents-batch+json"),
    )
    return [
        Route(
            "POST",
            "/v1/events",
            take,
            "events:write",
            answer=EventsTaken,
            status=202,
            options=options,
            summary="Report what a customer did: one CloudEvent, or an array of up to 1,000",
            description="Each item has `id`, `source`, `type`, `time` and `data`, and is judged by itself. "
            "Accepted means safe on disk; a repeated id with the same content is a duplicate.",
        ),
    ]


def _items(body: Any) -> list[Any]:
    items = body if isinstance(body, list) else [body]
    if not items:
        raise Invalid(FieldError("", "is an empty array; send at least one event"))
    if len(items) > MOST_ITEMS:
        raise Invalid(FieldError("", f"has {len(items)} items; at most {MOST_ITEMS} are taken at once"))
    return items
