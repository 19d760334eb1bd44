"""Business hours: blocks, holidays, zones and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as any_

from shared.hours import DAYS, Block, Hours, add_business, business_seconds

LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE = Hours("uk", 1, "Europe/London", tuple(Block(d, "09:00", "17:00") for d in DAYS[:5]))
NIGHTS = Hours("uk", 1, "Europe/London", tuple(Block(d, "00:30", "02:30") for d in DAYS))


def london(day, hour, minute=0):
    """Return a moment of May 2026 in London; the first is a Friday."""
    return datetime(2026, 5, day, hour, minute, tzinfo=LONDON)


def test_c7_a_business_hour_over_the_weekend():
    """Friday 16:30 and one business hour is Monday 09:30."""
    assert add_business(NINE_TO_FIVE, london(1, 16, 30), 3600) == london(4, 9, 30)


def test_c7_first_response_time_over_the_weekend():
    """Friday 16:30, reply Monday 09:10: 40 minutes."""
    assert business_seconds(NINE_TO_FIVE, london(1, 16, 30), london(4, 9, 10)) == 40 * 60


def test_several_blocks_and_holidays():
    """The lunch break and the bank holiday do not count."""
    blocks = tuple(Block(d, *times) for d in DAYS[:5] for times in (("09:00", "12:00"), ("13:00", "17:00")))
    hours = Hours("uk", 1, "Europe/London", blocks, (date(2026, 5, 4),))

    assert business_seconds(hours, london(1, 11), london(1, 14)) == 2 * 3600
    assert add_business(hours, london(1, 16), 2 * 3600) == london(5, 10)


def test_around_the_clock():
    """24:00 closes at midnight, so nothing is lost between two days."""
    always = Hours("all", 1, "UTC", tuple(Block(d, "00:00", "24:00") for d in DAYS))
    start = datetime(2026, 5, 1, tzinfo=UTC)

    assert business_seconds(always, start, start + timedelta(days=30)) == 30 * 86_400


@pytest.mark.parametrize(
    ("day", "length"), [(date(2026, 3, 29), 1), (date(2026, 10, 25), 3), (date(2026, 5, 1), 2)]
)
def test_a_night_shift_lasts_as_long_as_the_clock_change_makes_it(day, length):
    """00:30 to 02:30 is one hour when clocks go forward and three when they go back."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)

    assert business_seconds(NIGHTS, midnight, midnight + timedelta(hours=12)) == length * 3600


def test_a_calendar_is_looked_through_for_a_century():
    """One minute a week: what would take longer is due when the century is over."""
    rare = Hours("rare", 1, "UTC", (Block("mon", "09:00", "09:01"),))

    assert add_business(rare, london(1, 9), 366 * 86_400).year == 2126


def test_no_instant_counts_twice():
    """Overlapping blocks and blocks in the hour that is skipped cover what they cover once."""
    blocks = (Block("sun", "00:30", "01:30"), Block("sun", "01:00", "03:00"))
    hours = Hours("uk", 1, "Europe/London", blocks)
    spring = datetime(2026, 3, 29, tzinfo=LONDON)

    assert business_seconds(hours, spring, spring + timedelta(hours=20)) == int(1.5 * 3600)


any_hours = any_.builds(
    Hours,
    any_.just("any"),
    any_.just(1),
    any_.sampled_from(["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    any_.lists(
        any_.builds(
            lambda day, a, b: Block(day, f"{min(a, b):02}:00", f"{max(a, b):02}:30"),
            any_.sampled_from(DAYS),
            any_.integers(0, 23),
            any_.integers(0, 23),
        ),
        min_size=1,
        max_size=8,
    ).map(tuple),
    any_.lists(any_.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5).map(tuple),
)
moments = any_.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=any_.just(UTC))  # noqa: DTZ001


@for_all(any_hours, any_.lists(moments, min_size=3, max_size=3).map(sorted))
def test_business_time_adds_up_and_is_never_negative(hours, three):
    """From a to c is from a to b and from b to c, whatever clocks do; backwards it is none."""
    a, b, c = three

    assert business_seconds(hours, a, b) + business_seconds(hours, b, c) == business_seconds(hours, a, c)
    assert 0 <= business_seconds(hours, a, c) <= (c - a).total_seconds() + 1
    assert business_seconds(hours, c, a) == 0


@for_all(any_hours, moments, any_.integers(0, 500_000))
def test_adding_is_the_inverse_of_measuring(hours, start, seconds):
    """After adding so many seconds exactly so many have passed, and a second before not yet."""
    end = add_business(hours, start, seconds)

    assert business_seconds(hours, start, end) == seconds
    assert not seconds or business_seconds(hours, start, end - timedelta(seconds=1)) == seconds - 1
