"""GET /v1/metrics: the catalogue, any metric as numbers, table or picture, and the events behind it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.freshness import Freshness
from services.analytics.metrics import METRICS, metric_of, newest
from services.analytics.metrics.drill import behind, place_of, shown
from services.analytics.metrics.engine import body_of, measured
from services.analytics.metrics.exports import MEDIA, csv_of, picture_of
from services.analytics.metrics.metric import Metric
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.reader import Reader
from shared.errors import FieldError, Invalid
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.project.entry import Until

SCOPE = "metrics:read"
YEAR = timedelta(days=365)
Body = dict[str, Any]


class Moment(fields.Field[datetime]):
    """A day, meaning its beginning in UTC, or a moment with its offset."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> datetime:  # noqa: ARG002
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise self.make_error("invalid") from error
        day = len(str(value)) == len("2011-06-01")
        if moment.tzinfo is None and not day:
            raise self.make_error("invalid")
        return moment.replace(tzinfo=UTC) if day else moment.astimezone(UTC)

    default_error_messages = {  # noqa: RUF012 marshmallow's name and form
        "invalid": "is a day such as 2011-06-01, or a moment with its offset from UTC"
    }


def _own_parameters() -> dict[str, fields.Field[Any]]:
    """Return a field for every argument that some metric of the catalogue has of its own."""
    known = {name: default for metric in METRICS for name, default in metric.parameters.items()}
    return {name: _field(default) for name, default in sorted(known.items())}


def _field(default: Any) -> fields.Field[Any]:
    if isinstance(default, str):
        return fields.String(validate=validate.Length(1, 100))
    if isinstance(default, float):
        return fields.Float(validate=validate.Range(0, 10**9))
    return fields.Integer(validate=validate.Range(0, 10**9))


WindowQuery: type[Schema] = Schema.from_dict(  # `from` is no name that a class body could give a field
    {
        "from": Moment(metadata={"description": "Begin, included; a year before the end if not told."}),
        "to": Moment(metadata={"description": "End, excluded; the end of today if not told."}),
        "scope": fields.String(load_default="company", validate=validate.Length(1, 300)),
        "version": fields.Integer(load_default=None, validate=validate.Range(1, 10_000)),
        "currency": fields.String(load_default=None, validate=validate.Regexp(r"^[A-Z]{3}\Z")),
        **_own_parameters(),
    },
    name="WindowQuery",
)


class MetricQuery(ClockQuery, WindowQuery):  # type: ignore[misc, valid-type]
    """What is asked of a metric."""

    by = fields.String(load_default=None, validate=validate.Length(1, 50))
    format = fields.String(load_default="json", validate=validate.OneOf(("json", *MEDIA)))


class BehindQuery(PageQuery, ClockQuery, WindowQuery):  # type: ignore[misc, valid-type]
    """A page of the events behind a value."""


class MetricsApi:
    """Handlers; `clock` bounds only a question that names no end itself."""

    def __init__(self, reader: Reader, freshness: Freshness, clock: Clock) -> None:
        self._reader, self._freshness, self._clock = reader, freshness, clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        once = Options(idempotent=False)
        return [
            Route("GET", "/v1/metrics", self.catalogue, SCOPE, options=once,
                  summary="The catalogue: every metric with its formula, version, unit, scopes and owner"),
            Route("GET", "/v1/metrics/<id>", self.value, SCOPE, query=MetricQuery, options=once,
                  summary="A metric of a window, with its points; as JSON, CSV, PNG or SVG"),
            Route("GET", "/v1/metrics/<id>/events", self.events, SCOPE, query=BehindQuery, options=once,
                  summary="The events behind a value"),
        ]  # fmt: skip

    def catalogue(self, _: Request) -> Body:
        """Answer every metric, in all its versions."""
        current = {(m.id, m.version) for m in newest()}
        ordered = sorted(METRICS, key=lambda m: (m.id, m.version))
        return {"items": [{**_described(m), "newest": (m.id, m.version) in current} for m in ordered]}

    def value(self, request: Request) -> Body | Answer:
        """Answer a metric."""
        metric, question = self._asked(request)
        answer = body_of(measured(metric, question, self._reader)) | self._fresh(metric)
        form = request.query["format"]
        if form == "json":
            return answer
        content = csv_of(answer).encode() if form == "csv" else picture_of(answer, form)
        return Answer(content, content_type=MEDIA[form])

    def events(self, request: Request) -> Body:
        """Answer a page of the events behind a value."""
        metric, question = self._asked(request)
        cursor, limit = request.query["cursor"], request.query["limit"]
        after = decode_cursor(cursor, str, str, str) if cursor else None
        found = behind(metric, question, self._reader, after, limit + 1)  # type: ignore[arg-type]
        more = encode_cursor(*place_of(found[limit - 1])) if len(found) > limit else None
        items = [shown(f) for f in found[:limit]]
        return {"metric": metric.id, "items": items, "next_cursor": more} | self._fresh(metric)

    def _asked(self, request: Request) -> tuple[Metric, Question]:
        query = request.query
        metric = metric_of(request.params["id"], query["version"])
        for projection in metric.source.reads:
            self._freshness.wait(projection, query["min_version"], query["wait"])
        names = _own_parameters().keys() & query.keys()
        return metric, Question(
            self._window(query), _utc(until_of(query)), scope_of(query["scope"]), query.get("by"),
            query["currency"], {name: query[name] for name in sorted(names)},
        )  # fmt: skip

    def _window(self, query: Mapping[str, Any]) -> Window:
        tomorrow = self._clock().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        to = query.get("to") or tomorrow
        since = query.get("from") or to - YEAR
        if since >= to:
            raise Invalid(FieldError("?to", "needs to be after from"))
        return Window(since, to)

    def _fresh(self, metric: Metric) -> Body:
        return combined([self._freshness.of(name) for name in metric.source.reads])


def _utc(until: Until) -> Until:
    moments = (until.as_of, until.known_at)
    return Until(*(moment and moment.astimezone(UTC) for moment in moments))


def _described(metric: Metric) -> Body:
    names = ("id", "version", "title", "formula", "unit", "inputs", "owner", "group", "perspective", "scopes")
    return {name: getattr(metric, name) for name in names} | {"parameters": dict(metric.parameters)}


def combined(parts: list[Body]) -> Body:
    """Return the freshness of what was read from several projections: that of the one furthest behind."""
    lags = {n: [p["lag"][n] for p in parts] for n in parts[0]["lag"]}
    return {
        "watermark": {n: min(p["watermark"][n] for p in parts) for n in parts[0]["watermark"]},
        "lag": {n: None if None in known else max(known) for n, known in lags.items()},
        "behind": sorted({n for p in parts for n in p["behind"]}),
        "unreachable": parts[0]["unreachable"],
    }
