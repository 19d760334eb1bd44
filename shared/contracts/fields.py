"""marshmallow fields as strict as the JSON Schema they are documented by."""

import re
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, fields

from shared.events.clock import parse_rfc3339, rfc3339

DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"


class Flag(fields.Boolean):
    """true or false, nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise ValidationError("Not a boolean: true or false.")
        return value


class Number(fields.Integer):
    """A whole number, not a text or a boolean."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("Not a whole number.")
        return value


class Moment(fields.Field[datetime]):
    """RFC 3339 with an offset; kept as the text in UTC with milliseconds."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return parse_rfc3339(value)
        except (TypeError, ValueError) as error:
            raise ValidationError("Not an RFC 3339 date and time such as 2026-05-01T10:00:00Z.") from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else rfc3339(value)


class Day(fields.Field[date]):
    """A calendar day, `YYYY-MM-DD`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return date(*map(int, re.fullmatch(DAY, value).groups()))  # type: ignore[union-attr]
        except (AttributeError, TypeError, ValueError) as error:
            raise ValidationError("Not a date such as 2026-05-01.") from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else value.isoformat()
