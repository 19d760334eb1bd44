"""GET /v1/process-impact: which process timing goes with how satisfied customers are."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from marshmallow import fields, validate

from services.analytics.api.moments import Instant
from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.freshness import Freshness
from services.analytics.metrics.impact import impacts
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader
from services.analytics.views.facts_support import SURVEY, TICKET
from shared.errors import FieldError, Invalid
from shared.events.clock import Clock
from shared.http.request import Request
from shared.http.route import Options, Route

YEAR = timedelta(days=365)
READS = (SURVEY.view, TICKET.view)


class ImpactQuery(ClockQuery):
    """Which answers, given when."""

    since = Instant(load_default=None, metadata={"description": "A year before the end."})
    to = Instant(load_default=None, metadata={"description": "The end, excluded; now."})
    kind = fields.String(load_default="csat", validate=validate.OneOf(("csat", "nps", "ces")))


class ImpactApi:
    """Handler."""

    def __init__(self, reader: Reader, freshness: Freshness, clock: Clock) -> None:
        self._reader, self._freshness, self._clock = reader, freshness, clock

    def routes(self) -> list[Route]:
        """Return the route."""
        return [
            Route("GET", "/v1/process-impact", self.ranked, "metrics:read", query=ImpactQuery,
                  options=Options(idempotent=False),
                  summary="Service processes by how their timing goes with satisfaction")
        ]  # fmt: skip

    def ranked(self, request: Request) -> dict[str, Any]:
        """Answer the processes, the one customers feel most first."""
        query = request.query
        self._freshness.wait(query["min_version"], query["wait"], *READS)
        to = query["to"] or self._clock()
        since = query["since"] or to - YEAR
        if since >= to:
            raise Invalid(FieldError("?to", "needs to be after since"))
        found = impacts(self._reader, Question(Window(since, to), until_of(query)), query["kind"])
        said = {"since": since, "to": to, "kind": query["kind"]}
        return {**said, "items": [asdict(each) for each in found], **self._freshness.of(*READS)}
