"""`/v1/quarantine`: what was refused, why, and what may be done about it."""

from typing import Any

from marshmallow import Schema, fields, validate

from shared.errors import FieldError, Invalid
from shared.http.answer import Page
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.receive.clinic import Clinic

MOST_SKIPPED = 10**9


class QuarantineQuery(PageQuery):
    """Which items."""

    state = fields.String(load_default="open", validate=validate.OneOf(("open", "resubmitted", "discarded")))


class Resubmission(Schema):
    """The mended data; without it the item is tried as it is."""

    data = fields.Raw(load_default=None, allow_none=True)


def quarantine_routes(clinic: Clinic) -> list[Route]:
    """Return the routes for the scope `quarantine:write`; bytes are shown to `pii:read` alone."""

    def items(request: Request) -> Page:
        limit, cursor = request.query["limit"], request.query.get("cursor")
        offset = int(decode_cursor(cursor, int)[0]) if cursor else 0
        if not 0 <= offset <= MOST_SKIPPED:
            raise Invalid(FieldError("?cursor", "is not a cursor of this list"))
        found = clinic.items(request.query["state"], limit + 1, offset)
        more = encode_cursor(offset + limit) if len(found) > limit else None
        return Page([_shown(item) for item in found[:limit]], more)

    def show(request: Request) -> dict[str, Any]:
        return _shown(clinic.show(request.params["key"], request.principal.may("pii:read")))

    def resubmit(request: Request) -> dict[str, Any]:
        return _shown(clinic.resubmit(request.params["key"], (request.body or {}).get("data")))

    def discard(request: Request) -> dict[str, Any]:
        return _shown(clinic.discard(request.params["key"]))

    return [
        Route(
            "GET",
            "/v1/quarantine",
            items,
            "quarantine:read",
            query=QuarantineQuery,
            options=Options(paged=True),
            summary="List quarantined items, newest first",
        ),
        Route("GET", "/v1/quarantine/<key>", show, "quarantine:read", summary="Show a quarantined item"),
        Route(
            "POST",
            "/v1/quarantine/<key>/resubmit",
            resubmit,
            "quarantine:write",
            body=Resubmission,
            summary="Apply an item again, mended or as it is",
        ),
        Route(
            "POST",
            "/v1/quarantine/<key>/discard",
            discard,
            "quarantine:write",
            summary="Close a quarantined item for good",
        ),
    ]


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    return {"id" if name == "_id" else name: value for name, value in item.items()}
