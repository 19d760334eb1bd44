"""Days as moments, up to the edges of the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from shared.contracts.derive import schema_of
from shared.contracts.payload import from_data
from shared.days import FIRST, LAST, begin_of, days_before, end_of
from shared.errors import Invalid
from shared.events.clock import parse_rfc3339, rfc3339
from shared.values import Money

ZONES = any_.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo"])


@for_all(any_.dates(date(2026, 1, 1), date(2027, 1, 1)), ZONES)
def test_s2_days_follow_each_other_without_gap(day, zone):
    """S-2: the end of a day is the beginning of the next, also when clocks are changed."""
    following = day + timedelta(days=1)

    assert end_of(day, zone) == begin_of(following, zone)
    assert (end_of(day, zone) - begin_of(day, zone)).total_seconds() / 3600 in (23, 24, 25)


@for_all(any_.sampled_from([date.min, date.max]), any_.sampled_from(["Pacific/Kiritimati", "Pacific/Niue"]))
def test_the_first_and_the_last_day_have_a_beginning_and_an_end(day, zone):
    """Whatever the zone, it lies within the calendar and can be written and read."""
    for moment in (begin_of(day, zone), end_of(day, zone)):
        assert FIRST <= moment <= LAST
        assert parse_rfc3339(rfc3339(moment)) == moment
    assert days_before(date.min, 30) == date.min


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_outside_the_calendar_is_no_moment(text):
    """In UTC it would lie before the year 1 or after 9999."""
    with pytest.raises(ValueError, match="before the year 1 or after 9999"):
        parse_rfc3339(text)


def test_the_first_moment_is_written_with_four_digits_of_a_year():
    """As RFC 3339 wants it."""
    assert rfc3339(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00.000Z"


def test_money_beyond_all_business_is_refused_by_name():
    """The declaration takes it, the amount says why not."""
    data = {"amount": 2**53, "currency": "EUR"}
    assert schema_of(Money).validate(data) == {}
    with pytest.raises(Invalid, match="/amount: is beyond"):
        from_data(Money, data)
