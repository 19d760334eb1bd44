"""The calendar periods a report looks back over."""

from datetime import UTC, datetime, timedelta

from services.analytics.domain.report import Query
from services.analytics.metrics.question import Window, month_number
from shared.days import DAY

EVER = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def window_of(query: Query, as_of: datetime) -> Window:
    """Return the window of a query: whole periods of UTC, the last one cut at `as_of`.

    At the very beginning of a period the last one is the one just over: a report of the first of May is about
    April.
    """
    last = as_of.astimezone(UTC) - timedelta(microseconds=1)
    return Window(_begin(last.replace(hour=0, minute=0, second=0, microsecond=0), query), as_of)


def _begin(day: datetime, query: Query) -> datetime:
    back = query.periods - 1
    if query.period == "all":
        return EVER
    if query.period == "day":
        return day - back * DAY
    if query.period == "week":
        return day - (day.weekday() + 7 * back) * DAY
    length = MONTHS[query.period]
    month = month_number(day) // length * length - back * length
    return day.replace(year=month // 12, month=month % 12 + 1, day=1)
