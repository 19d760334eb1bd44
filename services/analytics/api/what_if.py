"""POST /v1/what-if/pipeline: the forecast with other stage probabilities; GET /v1/predictions/forecast."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from services.analytics.api.moments import Instant, Moment
from services.analytics.api.predictions import CURRENCY
from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.freshness import Freshness
from services.analytics.metrics import metric_of
from services.analytics.metrics.body import body_of
from services.analytics.metrics.closings import CLOSING
from services.analytics.metrics.engine import measured, settled
from services.analytics.metrics.question import Question, Window
from services.analytics.metrics.reader import Reader, tags_of, within
from services.analytics.predictions.store import FittedModels
from services.analytics.predictions.what_if import calibrated, weighed
from services.analytics.views.facts import Entity
from services.analytics.views.facts_sales import DEAL
from shared.errors import FieldError, Invalid
from shared.events.clock import Clock
from shared.http.request import Request
from shared.http.route import Options, Route
from shared.project.entry import Until

SCOPE = "metrics:read"
YEAR = timedelta(days=365)
FORECAST = ("weighted_forecast", "forecast_accuracy", "forecast_bias")
PERCENT = validate.Range(0, 100)
Body = dict[str, Any]
WINDOW: dict[str, fields.Field[Any]] = {
    "from": Moment(required=True, metadata={"description": "Begin of the window, included."}),
    "to": Moment(required=True, metadata={"description": "Its end, excluded."}),
    "currency": fields.String(load_default=None, allow_none=True, validate=CURRENCY),
}


class ForecastQuery(ClockQuery):
    """The window, two clocks, and the currency; that of most deals, when left out."""


class PipelineBody(Schema):
    """The probabilities to try, and the window; two clocks bound what is known of the deals."""

    probabilities = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 100)),
        values=fields.Integer(strict=True, validate=PERCENT),
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "Percent by stage; stages not named keep theirs."},
    )
    as_of = Instant(load_default=None, allow_none=True)
    known_at = Instant(load_default=None, allow_none=True)


# `from` is no name that a class body could give a field.
ForecastWindow: type[Schema] = type("ForecastWindow", (ForecastQuery,), dict(WINDOW))
PipelineWindow: type[Schema] = type("PipelineWindow", (PipelineBody,), dict(WINDOW))


class WhatIfApi:
    """Handlers; nothing is kept of what is tried."""

    def __init__(self, reader: Reader, fitted: FittedModels, freshness: Freshness, clock: Clock) -> None:
        self._reader, self._fitted, self._freshness, self._clock = reader, fitted, freshness, clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        once = Options(idempotent=False)
        return [
            Route("GET", "/v1/predictions/forecast", self.forecast, SCOPE, query=ForecastWindow, options=once,
                  summary="Sales ahead: the weighted pipeline, how good forecasts were, and the trend"),
            Route("POST", "/v1/what-if/pipeline", self.pipeline, SCOPE, body=PipelineWindow, options=once,
                  summary="The pipeline with other stage probabilities, and which of both came true"),
        ]  # fmt: skip

    def forecast(self, request: Request) -> Body:
        """Answer the forecast of a window, from the catalogue's metrics and the fitted trend."""
        question = _question(request.query, until_of(request.query))
        self._freshness.wait(request.query["min_version"], request.query["wait"], DEAL.view)
        told = {id_: body_of(measured(metric_of(id_, None), question, self._reader)) for id_ in FORECAST}
        return {**told, "trend": self._fitted.latest("trend"), **self._freshness.of(DEAL.view)}

    def pipeline(self, request: Request) -> Body:
        """Answer the window both ways, and how the deals closed in the year before bear them out."""
        body = request.body
        asked = _question(body, Until(body["as_of"], body["known_at"]))
        _, _, question, currencies = settled(metric_of(FORECAST[0], None), asked, self._reader)
        now = body["as_of"] or self._clock()
        past = self._deals(CLOSING, Window(now - YEAR, now), question)
        deals = self._deals(("expected", CLOSING[0]), question.window, question)
        tried = body["probabilities"]
        told = {"forecast": weighed(deals, question, tried), "calibration": calibrated(past, tried)}
        said = {"currency": question.currency, "currencies": currencies, "probabilities": tried}
        return {**said, **told, "unused": unused(tried, told), **self._freshness.of(DEAL.view)}

    def _deals(self, found_by: tuple[str, ...], window: Window, question: Question) -> list[Entity]:
        found = self._reader.entities(DEAL, tags_of(found_by, window))
        return [within(entity, question.until) for entity in found]


def unused(tried: Iterable[str], told: Body) -> list[str]:
    """Return the stages that no deal was in, neither of those weighed nor of those that have closed."""
    met = {line["stage"] for line in told["calibration"]["stages"]}
    return sorted({*tried} - met - {*told["forecast"]["stages"]})


def _question(told: Body, until: Until) -> Question:
    if told["from"] >= told["to"]:
        raise Invalid(FieldError("/to", "needs to be after from"))
    return Question(Window(told["from"], told["to"]), until, currency=told["currency"])
