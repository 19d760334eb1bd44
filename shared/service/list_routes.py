"""`GET /v1/<plural>`: the list of an aggregate."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields, validate

from shared.decide import Decider
from shared.http.answer import Page
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.listing.listing import Listing

CUSTOMER = "customer"
# (ref) -> every ref of that person
KnownAs = Callable[[str], list[str]]


def alone(ref: str) -> list[str]:
    """Return the ref itself: where nothing is known of aliases."""
    return [ref]


def list_route(plural: str, decider: Decider[Any], listing: Listing, known_as: KnownAs = alone) -> Route:
    """Return the route; every filter of the decider is a query parameter.

    `customer` finds what is about the person under any ref that `known_as` knows of.
    """

    def handle(request: Request) -> Page:
        query = dict(request.query)
        limit, cursor = query.pop("limit"), query.pop("cursor", None)
        after = str(decode_cursor(cursor, str)[0]) if cursor else None
        wanted = {name: value for name, value in query.items() if value is not None}
        if CUSTOMER in wanted:
            wanted[CUSTOMER] = known_as(wanted[CUSTOMER])
        found = listing.page(wanted, after, limit + 1)
        more = encode_cursor(found[limit - 1]["id"]) if len(found) > limit else None
        return Page(found[:limit], more)

    return Route(
        "GET",
        f"/v1/{plural}",
        handle,
        f"{decider.service}:read",
        query=_query(plural, decider),
        options=Options(paged=True, idempotent=False),
        summary=f"List {plural}, by id",
    )


def _query(plural: str, decider: Decider[Any]) -> type[Schema]:
    filters = {
        name: fields.String(load_default=None, validate=validate.Length(1, 200)) for name in decider.filters
    }
    return type(f"{plural.capitalize()}Query", (PageQuery,), {"__doc__": f"Which {plural}.", **filters})
