"""Business hours: how much working time lies between two moments, and when so much of it has passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from shared.days import DAY, FIRST
from shared.values import Code, Id, Length, Matching, Positive

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CENTURY = 36_525  # days that are looked through: a calendar may be open one minute a week
TimeOfDay = Annotated[
    str, Matching(r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "needs to be a time from 00:00 to 24:00")
]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Block:
    """Open on this day of the week, from and to these times of the calendar's zone."""

    day: Weekday
    opens: TimeOfDay
    closes: TimeOfDay


@dataclass(frozen=True, slots=True)
class Hours:
    """One published version of a calendar. It has at least one block, so work is always done some day."""

    calendar_id: Id
    version: Positive
    zone: Code
    blocks: Annotated[tuple[Block, ...], Length(1, 70)]
    holidays: Annotated[tuple[date, ...], Length(0, 1_000)] = ()


def business_seconds(hours: Hours, start: datetime, end: datetime) -> int:
    """Return the whole seconds of working time from `start` to `end`; none when `end` is not later.

    What lies more than a century after `start` is not counted.
    """
    start, end = _second(start), _second(end)
    worked = 0
    for opens, closes in _spans(hours, start):
        if opens >= end:
            break
        worked += max(0, int((min(closes, end) - max(opens, start)).total_seconds()))
    return worked


def add_business(hours: Hours, start: datetime, seconds: int) -> datetime:
    """Return the first moment by which so many seconds of working time have passed since `start`.

    It is a century after `start` at the latest.
    """
    moment, left = _second(start), timedelta(seconds=seconds)
    if not left:
        return start
    for opens, closes in _spans(hours, moment):
        begin = max(opens, moment)
        if begin + left <= closes:
            return begin + left
        left -= max(timedelta(), closes - begin)
    return moment + CENTURY * DAY


def _spans(hours: Hours, start: datetime) -> Iterator[Span]:
    """Yield the open spans in order, from the day before `start`; no instant is in two of them.

    Where clocks change, a block lasts as long as the day really has it: a time that comes twice opens at the
    first and closes at the second, and what another block has covered is not covered again.
    """
    zone = ZoneInfo(hours.zone)
    holidays, week = set(hours.holidays), _week(hours)
    first = start.astimezone(zone).date() - DAY
    reached = FIRST
    for day in (first + n * DAY for n in range(CENTURY)):
        for block in () if day in holidays else week[day.weekday()]:
            opens, closes = max(_first(day, block.opens, zone), reached), _last(day, block.closes, zone)
            if opens < closes:
                yield opens, closes
                reached = closes


def _week(hours: Hours) -> tuple[list[Block], ...]:
    return tuple(sorted((b for b in hours.blocks if b.day == d), key=lambda b: b.opens) for d in DAYS)


def _first(day: date, at: str, zone: ZoneInfo) -> datetime:
    return _local(day, at, zone).astimezone(UTC)


def _last(day: date, at: str, zone: ZoneInfo) -> datetime:
    local = _local(day, at, zone)
    return max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def _local(day: date, at: str, zone: ZoneInfo) -> datetime:
    if at == "24:00":
        day, at = day + DAY, "00:00"
    return datetime.combine(day, time.fromisoformat(at), zone)


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
