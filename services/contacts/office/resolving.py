"""Which contact a ref or a former id stands for by now: the question other services' people ask."""

from typing import Any

from services.contacts.identity.index import Index
from shared.decide import Streams
from shared.errors import NotFound
from shared.http.request import Request
from shared.http.route import Options, Route


def resolving_route(contacts: Streams[Any], index: Index) -> Route:
    """Return the route, which is `resolve(ref)` by RPC."""

    def resolve(request: Request) -> dict[str, Any]:
        ref = request.params["key"]
        contact = index.root(ref)
        if not contacts.load([contact], fresh=True)[contact].version:
            raise NotFound(f"nobody is known as {ref}")
        return {"ref": ref, "contact_id": contact}

    return Route(
        "GET",
        "/v1/contacts/<key>/current",
        resolve,
        "contacts:read",
        summary="The contact a ref or a former id stands for by now",
        options=Options(idempotent=False, call="resolve"),
    )
