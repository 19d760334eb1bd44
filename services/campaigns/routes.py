"""What campaigns offers over HTTP besides its aggregates."""

from typing import Any

from services.campaigns.audiences import Audiences
from services.campaigns.domain.campaign import FreezeAudience
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.service.aggregate_routes import context_of

LARGEST = 8 << 20


def campaign_routes(audiences: Audiences, clock: Clock) -> list[Route]:
    """Return the routes of audiences."""
    body = schema_class(FreezeAudience, without=("campaign_id",))

    def freeze(request: Request) -> Answer:
        known = {**body().dump(request.body), "campaign_id": request.params["key"]}
        command: Any = from_data(FreezeAudience, known)
        done, after = audiences.freeze(command, context_of(request, clock), request.if_match)
        told = {"version": after.version, "events": [e.full_type for e in done.events]}
        frozen = after.state.audience
        return Answer({**told, "list_hash": frozen and frozen.list_hash}, etag=after.version)

    return [
        Route(
            "POST",
            "/v1/campaigns/<key>/freeze-audience",
            freeze,
            "campaigns:write",
            body=body,
            summary="Settle who belongs to the campaign, and draw its control group",
            options=Options(body_limit=LARGEST),
        )
    ]
