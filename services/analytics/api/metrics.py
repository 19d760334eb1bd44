"""GET /v1/metrics: the catalogue, any metric as numbers, table or picture, and the events behind it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from services.analytics.api.metric_queries import BehindQuery, MetricQuery, RfmQuery, own_parameters
from services.analytics.api.queries import until_of
from services.analytics.domain.quantiles import cuts
from services.analytics.freshness import Freshness
from services.analytics.metrics import METRICS, metric_of, newest
from services.analytics.metrics.body import body_of
from services.analytics.metrics.drill import Place, behind, place_of, shown
from services.analytics.metrics.engine import check, measured, reads, settled
from services.analytics.metrics.exports import MEDIA, csv_of
from services.analytics.metrics.limit import limited, told_by_team
from services.analytics.metrics.metric import Metric
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from services.analytics.metrics.rfm import MEASURED, rfm_of, scored
from services.analytics.reports.answering import chart_of
from services.analytics.reports.formats import picture
from shared.errors import FieldError, Invalid
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.cursor import decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route

SCOPE = "metrics:read"
YEAR = timedelta(days=365)
Body = dict[str, Any]


class MetricsApi:
    """Handlers; `clock` bounds only a question that names no end itself."""

    def __init__(self, reader: Reader, freshness: Freshness, clock: Clock) -> None:
        self._reader, self._freshness, self._clock = reader, freshness, clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        once, narrowed = Options(idempotent=False), Options(idempotent=False, narrows=True)
        return [
            Route("GET", "/v1/metrics", self.catalogue, SCOPE, options=narrowed,
                  summary="The catalogue: every metric with its formula, version, unit, scopes and owner"),
            Route("GET", "/v1/metrics/<id>", self.value, SCOPE, query=MetricQuery, options=narrowed,
                  summary="A metric of a window, with its points; as JSON, CSV, PNG or SVG"),
            Route("GET", "/v1/metrics/<id>/events", self.events, SCOPE, query=BehindQuery, options=narrowed,
                  summary="The events behind a value"),
            Route("GET", "/v1/rfm", self.rfm, SCOPE, query=RfmQuery, options=once,
                  summary="Recency, frequency, monetary value of every customer, with scores from 1 to 5"),
        ]  # fmt: skip

    def catalogue(self, request: Request) -> Body:
        """Answer every metric that the caller may ask, in all its versions."""
        current = {(m.id, m.version) for m in newest()}
        known = (m for m in METRICS if told_by_team(m) or not request.principal.teams)
        ordered = sorted(known, key=lambda m: (m.id, m.version))
        return {"items": [{**_described(m), "newest": (m.id, m.version) in current} for m in ordered]}

    def value(self, request: Request) -> Body | Answer:
        """Answer a metric."""
        metric, question = self._asked(request)
        answer = body_of(measured(metric, question, self._reader)) | self._fresh(metric, question)
        form = request.query["format"]
        if form == "json":
            return answer
        content = csv_of(answer).encode() if form == "csv" else picture(form, chart_of(answer))
        return Answer(content, content_type=MEDIA[form])

    def events(self, request: Request) -> Body:
        """Answer a page of the events behind a value."""
        metric, question = self._asked(request)
        cursor, limit = request.query["cursor"], request.query["limit"]
        check(metric, question)
        found = behind(metric, question, self._reader, _place(cursor), limit + 1)
        more = encode_cursor(*place_of(found[limit - 1])) if len(found) > limit else None
        items = [shown(f) for f in found[:limit]]
        page = {"metric": metric.id, "items": items, "next_cursor": more} | limited(question.teams)
        return page | self._fresh(metric, question)

    def rfm(self, request: Request) -> Body:
        """Answer a page of customers with R, F, M, the scores, and the points that divide them."""
        request.params = {"id": "monetary"}
        metric, question = self._asked(request)
        _, people, asked, _ = settled(metric, question, self._reader)
        everybody = rfm_of(people, asked)
        after, limit = _after(request.query["cursor"]), request.query["limit"]
        page = [p for p in everybody if p.root > after][: limit + 1]
        scores = scored(everybody)
        items = [{**asdict(p), "scores": "".join(map(str, scores[p.root]))} for p in page[:limit]]
        more = encode_cursor(page[limit - 1].root) if len(page) > limit else None
        points = {n: [float(c) for c in cuts([getattr(p, n) for p in everybody])] for n in MEASURED}
        said = {"customers": len(everybody), "currency": asked.currency, "cuts": points}
        return {"items": items, "next_cursor": more, **said} | self._fresh(metric, question)

    def _asked(self, request: Request) -> tuple[Metric, Question]:
        query = request.query
        metric = metric_of(request.params["id"], query["version"])
        names = own_parameters().keys() & query.keys()
        question = Question(
            self._window(query), until_of(query), scope_of(query["scope"]), query.get("by"),
            query["currency"], {name: query[name] for name in sorted(names)}, request.principal.teams,
        )  # fmt: skip
        self._freshness.wait(query["min_version"], query["wait"], *reads(metric, question))
        return metric, question

    def _window(self, query: Mapping[str, Any]) -> Window:
        tomorrow = self._clock().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        to = query.get("to") or tomorrow
        since = query.get("from") or to - YEAR
        if since >= to:
            raise Invalid(FieldError("?to", "needs to be after from"))
        return Window(since, to)

    def _fresh(self, metric: Metric, question: Question) -> Body:
        return self._freshness.of(*reads(metric, question))


def _after(cursor: str | None) -> str:
    return str(decode_cursor(cursor, str)[0]) if cursor else ""


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    day, at, event = (str(part) for part in decode_cursor(cursor, str, str, str))
    try:
        datetime.fromisoformat(f"{day}T00:00:00+00:00")
    except ValueError as error:
        raise Invalid(FieldError("?cursor", "is not a cursor of this list")) from error
    return day, at, event


def _described(metric: Metric) -> Body:
    names = ("id", "version", "title", "formula", "unit", "inputs", "owner", "group", "perspective", "scopes")
    return {name: getattr(metric, name) for name in names} | {"parameters": dict(metric.parameters)}
