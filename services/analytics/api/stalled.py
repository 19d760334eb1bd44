"""GET /v1/stalled-deals: open deals without activity beyond what their stage usually takes."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from marshmallow import fields, validate

from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.freshness import Freshness
from services.analytics.metrics.closings import OPENED
from services.analytics.metrics.question import Window
from services.analytics.metrics.reader import Reader, tags_of, within
from services.analytics.metrics.stalled import stalled
from services.analytics.views.facts_sales import DEAL
from shared.events.clock import Clock
from shared.http.request import Request
from shared.http.route import Options, Route


class StalledQuery(ClockQuery):
    """Whose deals, and how long is long where no norm is known."""

    owner = fields.String(load_default=None, validate=validate.Length(1, 200))
    default_days = fields.Float(load_default=14.0, validate=validate.Range(0, 3_650))
    opened_within_days = fields.Integer(load_default=730, validate=validate.Range(1, 3_650))


class StalledApi:
    """Handler."""

    def __init__(self, reader: Reader, freshness: Freshness, clock: Clock) -> None:
        self._reader, self._freshness, self._clock = reader, freshness, clock

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route("GET", "/v1/stalled-deals", self.list, "metrics:read", query=StalledQuery,
                  options=Options(idempotent=False),
                  summary="Open deals without activity beyond the norm of their stage")
        ]  # fmt: skip

    def list(self, request: Request) -> dict[str, Any]:
        """Answer the stalled deals, the longest silent first."""
        query, until = request.query, until_of(request.query)
        self._freshness.wait(query["min_version"], query["wait"], DEAL.view)
        end = until.as_of or self._clock()
        window = Window(end - timedelta(days=query["opened_within_days"]), end)
        deals = [within(d, until) for d in self._reader.entities(DEAL, tags_of((OPENED,), window))]
        known = [deal for deal in deals if deal.first(OPENED)]
        found = stalled(known, end, query["default_days"])
        items = [asdict(each) for each in found if query["owner"] in (None, each.owner)]
        return {"items": items, **self._freshness.of(DEAL.view)}
