"""Moments in questions: far enough from the ends of the calendar to calculate with."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import fields

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
FAR = "needs to be between 1900 and 2200"


class Instant(fields.AwareDateTime):
    """A moment with its offset from UTC, given on in UTC."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's name and form
        "invalid": "is a moment with its offset from UTC, such as 2026-05-01T10:00:00Z",
        "invalid_awareness": "needs an offset from UTC, such as in 2026-05-01T10:00:00Z",
        "far": FAR,
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **more)
        if not EARLIEST <= moment <= LATEST:
            raise self.make_error("far")
        return moment.astimezone(UTC)


class Moment(fields.Field[datetime]):
    """A day, meaning its beginning in UTC, or a moment with its offset."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's name and form
        "invalid": "is a day such as 2011-06-01, or a moment with its offset from UTC",
        "far": FAR,
    }

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
