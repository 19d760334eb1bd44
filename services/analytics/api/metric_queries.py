"""The query parameters of metrics."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.analytics.api.moments import Moment
from services.analytics.api.queries import ClockQuery
from services.analytics.metrics import METRICS
from services.analytics.metrics.exports import MEDIA
from shared.http.cursor import PageQuery


def own_parameters() -> dict[str, fields.Field[Any]]:
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
        **own_parameters(),
    },
    name="WindowQuery",
)


class MetricQuery(ClockQuery, WindowQuery):  # type: ignore[misc, valid-type]
    """What is asked of a metric."""

    by = fields.String(load_default=None, validate=validate.Length(1, 50))
    format = fields.String(load_default="json", validate=validate.OneOf(("json", *MEDIA)))


class BehindQuery(PageQuery, ClockQuery, WindowQuery):  # type: ignore[misc, valid-type]
    """A page of the events behind a value."""


class RfmQuery(BehindQuery):
    """A page of customers with their RFM."""
