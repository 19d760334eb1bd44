"""The query parameters that analytics answers share."""

from marshmallow import Schema, fields, validate

from services.analytics.api.moments import Instant
from shared.http.cursor import PageQuery
from shared.project.entry import Until


class FreshQuery(Schema):
    """Read your own writes: wait until a version is in the view."""

    min_version = fields.String(
        load_default=None,
        validate=validate.Length(max=60),
        metadata={"description": "`<service>:<position>` that the answer has to include; else 503."},
    )
    wait = fields.Float(
        load_default=2.0, validate=validate.Range(0, 20), metadata={"description": "Seconds to wait for it."}
    )


class ClockQuery(FreshQuery):
    """Two clocks: what had happened by then, and what was known by then."""

    as_of = Instant(load_default=None, metadata={"description": "Bounds when it happened."})
    known_at = Instant(load_default=None, metadata={"description": "Bounds when it was recorded."})


class CustomersQuery(PageQuery, FreshQuery):
    """Search by words or identifiers, or rank by value."""

    q = fields.String(load_default=None, validate=validate.Length(2, 200))
    sort = fields.String(load_default="-orders.net", validate=validate.OneOf(("-orders.net",)))
    currency = fields.String(load_default=None, validate=validate.Regexp(r"^[A-Z]{3}\Z"))


class TimelineQuery(PageQuery, ClockQuery):
    """Filters of the timeline."""

    type = fields.String(load_default=None, validate=validate.Length(1, 1000))
    channel = fields.String(load_default=None, validate=validate.Length(1, 50))


class DigestQuery(Schema):
    """Whether to hash all views."""

    digest = fields.Boolean(load_default=False)


def until_of(query: dict[str, object]) -> Until:
    """Return the two clocks of a query."""
    return Until(query["as_of"], query["known_at"])  # type: ignore[arg-type]
