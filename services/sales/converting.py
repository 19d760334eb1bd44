"""Convert a lead: lead and opportunity change together, and a repetition gives the same opportunity (S-1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.sales.domain.lead import LEAD, ConvertLead
from services.sales.domain.opportunity import OPPORTUNITY, OpenOpportunity
from services.sales.domain.opportunity.stages import DEFAULT_PIPELINE, FIRST
from shared.contracts.derive import schema_class
from shared.contracts.payload import from_data
from shared.decide import Context, Loaded, Streams
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Route
from shared.receive import Instruct
from shared.receive.together import together
from shared.service.aggregate_routes import context_of
from shared.store.port import Done, Store
from shared.values import Code, Id, Money, Text


@dataclass(frozen=True, slots=True)
class Conversion:
    """The opportunity a lead becomes; by default it has the lead's id, owner and contact."""

    opportunity_id: Id | None = None
    owner: Id | None = None
    pipeline_id: Code = DEFAULT_PIPELINE
    stage: Code = FIRST.code
    amount: Money | None = None
    product: Text | None = None
    contact_id: Id | None = None
    organization_id: Id | None = None
    organization: Text | None = None


class Converting:
    """Converts leads."""

    def __init__(self, store: Store, streams: Mapping[str, Streams[Any]]) -> None:
        self._store, self._streams = store, streams

    def convert(self, lead_id: str, wish: Conversion, context: Context) -> tuple[str, Done]:
        """Return the opportunity, and what happened now. Raises Rejected."""
        lead = self._streams[LEAD.category].load([lead_id], fresh=True)[lead_id]
        if lead.state.opportunity_id:
            return lead.state.opportunity_id, Done()
        wish = _complete(wish, lead_id, lead)
        about = replace(context, meta=replace(context.meta, customer=wish.contact_id))
        instructions = _instructions(lead_id, wish, about)
        return str(wish.opportunity_id), together(self._store, self._streams, about, instructions)


def _complete(wish: Conversion, lead_id: str, lead: Loaded[Any]) -> Conversion:
    return replace(
        wish,
        opportunity_id=wish.opportunity_id or lead_id,
        owner=wish.owner or lead.state.owner or "unassigned",
        contact_id=wish.contact_id or lead.customer,
    )


def _instructions(lead_id: str, wish: Conversion, context: Context) -> list[Instruct]:
    key, at = str(wish.opportunity_id), context.occurred_at
    opening = OpenOpportunity(
        key, str(wish.owner), wish.stage, wish.pipeline_id, wish.amount, None, wish.product,
        wish.organization, at, lead_id=lead_id, at=at,
    )  # fmt: skip
    return [
        Instruct(LEAD.category, lead_id, ConvertLead(lead_id, key, wish.contact_id, wish.organization_id)),
        Instruct(OPPORTUNITY.category, key, opening),
    ]


def convert_route(converting: Converting, clock: Clock) -> Route:
    """Return `POST /v1/leads/<id>/convert`."""
    schema = schema_class(Conversion)()

    def handle(request: Request) -> Answer:
        wish = from_data(Conversion, schema.dump(request.body))
        key = request.params["key"]
        opportunity_id, done = converting.convert(key, wish, context_of(request, clock))
        told = [e.full_type for e in done.events]
        return Answer({"id": key, "opportunity_id": opportunity_id, "events": told})

    return Route(
        "POST",
        "/v1/leads/<key>/convert",
        handle,
        "sales:write",
        body=schema_class(Conversion),
        summary="Let a qualified lead become an opportunity; again gives the same one",
    )
