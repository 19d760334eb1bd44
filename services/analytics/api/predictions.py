"""/v1/predictions: fit models and read them; /v1/customers/<key>/predictions: what they say of somebody."""

from datetime import UTC
from typing import Any

from marshmallow import Schema, fields, validate

from services.analytics.api.queries import ClockQuery, until_of
from services.analytics.customers import Customers
from services.analytics.freshness import Freshness
from services.analytics.predictions.facts import Wanted
from services.analytics.predictions.fitter import Fitter
from services.analytics.predictions.models import MODELS, model_of
from services.analytics.predictions.scores import Asked
from services.analytics.predictions.scoring import READS, Scoring
from shared.errors import FieldError, Invalid
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Options, Route

READ, WRITE, ONE = "metrics:read", "predictions:write", "customers:read"
Body = dict[str, Any]
CURRENCY = validate.Regexp(r"^[A-Z]{3}\Z", error="needs to be an ISO 4217 code such as GBP")


class FitBody(Schema):
    """What to fit to; everything may be left out."""

    as_of = fields.Date(load_default=None, metadata={"description": "Facts up to this day; today."})
    currency = fields.String(load_default=None, validate=CURRENCY)
    weeks = fields.Integer(
        load_default=12, validate=validate.Range(1, 520), metadata={"description": "The holdout (churn)."}
    )
    every = fields.String(load_default="week", validate=validate.OneOf(("week", "month")))
    periods = fields.Integer(
        load_default=8, validate=validate.Range(1, 104), metadata={"description": "How far ahead (trend)."}
    )
    probability = fields.Float(
        load_default=0.8, validate=validate.Range(0.5, 0.99), metadata={"description": "Of the interval."}
    )


class VersionQuery(Schema):
    """Which version; the newest, when left out."""

    version = fields.Integer(load_default=None, validate=validate.Range(1, 10**9))


class ScoresQuery(ClockQuery):
    """How far ahead and at which rate; `versions` as in `bgnbd/3,gammagamma/2` instead of the newest."""

    weeks = fields.Integer(load_default=52, validate=validate.Range(1, 520))
    discount = fields.Float(load_default=0.1, validate=validate.Range(0, 1))
    versions = fields.String(
        load_default="", validate=validate.Regexp(r"^([a-z]+/[0-9]{1,9}(,[a-z]+/[0-9]{1,9})*)?\Z")
    )


class PredictionApi:
    """Handlers; a fit is asked for here and made elsewhere."""

    def __init__(self, customers: Customers, freshness: Freshness, fitter: Fitter, scoring: Scoring) -> None:
        self._customers, self._freshness, self._fitter, self._scoring = customers, freshness, fitter, scoring
        self._fitted, self._fits, self._clock = fitter.fitted, fitter.fits, fitter.clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        one, once = "/v1/predictions/<model>", Options(idempotent=False)
        return [
            Route("GET", "/v1/predictions", self.list, READ, options=once, summary="The models"),
            Route("POST", f"{one}/fit", self.fit, WRITE, body=FitBody, status=202,
                  summary="Fit a model anew; the job shows in the model"),
            Route("GET", one, self.model, READ, query=VersionQuery, options=once,
                  summary="A fitted model: parameters, likelihood, calibration, watermark, jobs"),
            Route("GET", "/v1/customers/<key>/predictions", self.customer, ONE, query=ScoresQuery,
                  options=once, summary="What the models say of a customer"),
        ]  # fmt: skip

    def list(self, _: Request) -> Body:
        """Answer the models there are."""
        items = [
            {"model": m.id, "title": m.title, "source": m.source, "versions": self._fitted.versions(m.id)}
            for m in MODELS.values()
        ]
        return {"items": items}

    def fit(self, request: Request) -> Answer:
        """Ask for a fit."""
        model, body = model_of(request.params["model"]), dict(request.body)
        at = self._clock()
        as_of = body["as_of"] or at.date()
        if as_of > at.date():
            raise Invalid(FieldError("/as_of", "is a day to come, of which there are no facts yet"))
        job = self._fits.ask(model.id, Wanted(**{**body, "as_of": as_of}), at)
        self._fitter.bell.ring()
        return Answer(job, location=f"/v1/predictions/{model.id}")

    def model(self, request: Request) -> Body:
        """Answer a fitted model."""
        model, version = model_of(request.params["model"]), request.query["version"]
        known = self._fitted.version(model.id, version) if version else self._fitted.latest(model.id)
        return {
            "model": model.id, "title": model.title, "source": model.source,
            "fitted": known, "versions": self._fitted.versions(model.id), "jobs": self._fits.of(model.id),
        }  # fmt: skip

    def customer(self, request: Request) -> Body:
        """Answer the scores of a customer."""
        query = request.query
        self._freshness.wait(query["min_version"], query["wait"], *READS)
        until = until_of(query)
        ref = self._customers.ref(request.params["key"])
        self._customers.view(ref, until)
        day = (query["as_of"] or self._clock()).astimezone(UTC).date()
        asked = Asked(day, query["weeks"], query["discount"])
        told = self._scoring.of(ref, until, asked, query["versions"])
        return {"id": ref, "as_of": day, "weeks": query["weeks"], "discount": query["discount"], **told,
                **self._freshness.of(*READS)}  # fmt: skip
