"""What campaigns offers over HTTP besides its aggregates."""

from dataclasses import dataclass
from datetime import datetime

from services.campaigns.audiences import Audiences
from services.campaigns.domain.campaign import FreezeAudience
from services.campaigns.domain.campaign.plan import Members, Share
from services.campaigns.segments import Membership, Segments
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data
from shared.errors import FieldError, Invalid
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.service.aggregate_routes import context_of
from shared.values import Code, Id, Positive, Text

LARGEST = 8 << 20


@dataclass(frozen=True, slots=True)
class Freezing:
    """An audience: with `members` as they are given, without as analytics knows those of the segment."""

    segment_id: Id
    seed: Code
    segment_version: Positive | None = None
    as_of: datetime | None = None
    watermark: Text | None = None
    members: Members | None = None
    control_share: Share = 0.0


def campaign_routes(audiences: Audiences, segments: Segments, clock: Clock) -> list[Route]:
    """Return the routes of audiences."""
    body = schema_class(Freezing)

    def freeze(request: Request) -> Answer:
        asked = from_data(Freezing, body().dump(request.body))
        command = _command(request.params["key"], asked, segments)
        done, after = audiences.freeze(command, context_of(request, clock), request.if_match)
        told = {"version": after.version, "events": [e.full_type for e in done.events]}
        frozen = after.state.audience
        shown = {"size": frozen.size, "segment_version": frozen.segment_version} if frozen else {}
        return Answer({**told, "list_hash": frozen and frozen.list_hash, **shown}, etag=after.version)

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


def _command(campaign_id: str, asked: Freezing, segments: Segments) -> FreezeAudience:
    found = _given(asked) or segments.members(asked.segment_id, asked.as_of, asked.segment_version)
    return FreezeAudience(
        campaign_id,
        asked.segment_id,
        found.segment_version,
        found.as_of,
        found.watermark,
        found.members,
        asked.seed,
        asked.control_share,
    )


def _given(asked: Freezing) -> Membership | None:
    """Return the membership the caller tells; None when analytics has to. Raises Invalid for half of one."""
    if asked.members is None:
        if asked.watermark is not None:
            raise Invalid(FieldError("/watermark", "goes with members: without them analytics tells it"))
        return None
    version, as_of, watermark = asked.segment_version, asked.as_of, asked.watermark
    if version is None or as_of is None or watermark is None:
        told = {"segment_version": version, "as_of": as_of, "watermark": watermark}
        missing = [name for name, value in told.items() if value is None]
        raise Invalid(*(FieldError(f"/{name}", "is needed with members") for name in missing))
    return Membership(asked.members, version, as_of, watermark)
