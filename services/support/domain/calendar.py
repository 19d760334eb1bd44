"""BusinessCalendar: when we work, in published versions; retired at the end."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.hours import Block, Hours
from shared.values import Code, Id, Length

Blocks = Annotated[tuple[Block, ...], Length(1, 70)]
Holidays = Annotated[tuple[date, ...], Length(0, 1_000)]


@dataclass(frozen=True, slots=True)
class PublishCalendar:
    """Publish the hours we work; they replace the version before for tickets opened from now on."""

    calendar_id: Id
    zone: Code
    blocks: Blocks
    holidays: Holidays = ()


@dataclass(frozen=True, slots=True)
class RetireCalendar:
    """Use the calendar no more."""

    calendar_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class CalendarPublished:
    """The hours of one version."""

    calendar_id: Id
    hours: Hours


@dataclass(frozen=True, slots=True)
class CalendarRetired:
    """The calendar is used no more; tickets that have it keep it."""

    calendar_id: Id
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The version in force."""

    hours: Hours | None = None
    retired: bool = False


def decide(calendar: Calendar, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    key = command.calendar_id
    if isinstance(command, PublishCalendar):
        return _publish(calendar, command)
    if calendar.hours is None:
        raise NotFound(f"calendar {key} is not known")
    return [] if calendar.retired else [CalendarRetired(key, command.at)]


def _publish(calendar: Calendar, command: PublishCalendar) -> list[Any]:
    if calendar.retired:
        raise Conflict(f"calendar {command.calendar_id} is retired")
    version = calendar.hours.version if calendar.hours else 0
    hours = Hours(command.calendar_id, version + 1, command.zone, command.blocks, command.holidays)
    if calendar.hours == replace(hours, version=version):
        return []
    if errors := [*_zone(hours), *_blocks(hours)]:
        raise Invalid(*errors)
    return [CalendarPublished(command.calendar_id, hours)]


def _zone(hours: Hours) -> list[FieldError]:
    try:
        ZoneInfo(hours.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return [FieldError("/zone", "is no IANA time zone such as Europe/London")]
    return []


def _blocks(hours: Hours) -> list[FieldError]:
    wrong = [i for i, b in enumerate(hours.blocks) if b.opens >= b.closes]
    return [FieldError(f"/blocks/{i}", "closes before it opens") for i in wrong]


def evolve(calendar: Calendar, event: Any) -> Calendar:
    """Return the calendar after the event."""
    if isinstance(event, CalendarPublished):
        return Calendar(event.hours)
    return replace(calendar, retired=True)


def summary(calendar: Calendar) -> dict[str, Any]:
    """Return the line in lists: the whole version in force, for that is what policies need."""
    return {"status": "retired" if calendar.retired else "published", "hours": calendar.hours}


CALENDAR = Decider(
    category="calendar",
    service="support",
    initial=Calendar(),
    decide=decide,
    evolve=evolve,
    events=(CalendarPublished, CalendarRetired),
    commands={"publish": PublishCalendar, "retire": RetireCalendar},
    opens=(PublishCalendar,),
    summary=summary,
    filters=("status",),
)
