"""Days of the calendar as moments in UTC; what lies before the year 1 or after 9999 is its edge."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
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
