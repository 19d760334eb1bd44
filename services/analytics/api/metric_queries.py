"""The query parameters of metrics."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate

from services.analytics.api.queries import ClockQuery
from services.analytics.metrics import METRICS
from services.analytics.metrics.exports import MEDIA
from shared.http.cursor import PageQuery

# Wide enough for every company, and far enough from the ends of the calendar to calculate with.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Moment(fields.Field[datetime]):
    """A day, meaning its beginning in UTC, or a moment with its offset."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> datetime:  # noqa: ARG002
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise self.make_error("invalid") from error
        if moment.tzinfo is None and len(str(value)) != len("2011-06-01"):
            raise self.make_error("invalid")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not EARLIEST <= moment <= LATEST:
            raise self.make_error("far")
        return moment.astimezone(UTC)

    default_error_messages = {  # noqa: RUF012 marshmallow's name and form
        "invalid": "is a day such as 2011-06-01, or a moment with its offset from UTC",
        "far": "needs to be between 1900 and 2200",
    }


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
