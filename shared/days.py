"""Days of the calendar as moments in UTC, whose edges are the years 1 and 9999; and what is yet to come."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.errors import FieldError

DAY, SKEW = timedelta(days=1), timedelta(minutes=5)
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC, microsecond=999_000)


def begin_of(day: date, zone: str = "UTC") -> datetime:
    """Return the first moment of a day in a time zone."""
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return FIRST if day.year == date.min.year else LAST


def end_of(day: date, zone: str = "UTC") -> datetime:
    """Return the moment a day is over in a time zone."""
    return LAST if day == date.max else begin_of(day + DAY, zone)


def days_before(day: date, count: int) -> date:
    """Return the day so many days earlier."""
    return date.fromordinal(max(day.toordinal() - count, 1))


def ahead(pointer: str, moment: datetime | None, now: datetime | None) -> list[FieldError]:
    """Return what is wrong with a moment at which something is said to have happened (E8).

    Clocks may differ by five minutes. Nothing is wrong where either is not told.
    """
    late = moment and now and moment > now + SKEW
    return [FieldError(pointer, "lies in the future")] if late else []
