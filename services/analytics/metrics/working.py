"""Working hours as an argument of a metric: `mon-fri 09:00-17:00, sat 10:00-14:00` in a zone. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.analytics.metrics.question import Question
from shared.errors import FieldError, Invalid
from shared.hours import DAYS, Block, Hours

WORKING = {"hours": "mon-fri 09:00-17:00", "zone": "UTC"}
_DAY, _TIME = "|".join(DAYS), r"(?:[01]\d|2[0-3]):[0-5]\d|24:00"
_PART = re.compile(rf"({_DAY})(?:-({_DAY}))? ({_TIME})-({_TIME})")


def working(question: Question) -> Hours:
    """Return the working hours that a question names, else the usual ones. Raises Invalid."""
    asked = {**WORKING, **question.parameters}
    return hours_of(asked["hours"], asked["zone"])


@lru_cache(maxsize=64)
def hours_of(text: str, zone: str) -> Hours:
    """Return the hours of such a text. Raises Invalid."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(FieldError("?zone", "is no IANA time zone such as Europe/London")) from error
    return Hours("asked", 1, zone, tuple(b for part in text.split(",") for b in _blocks(part.strip())))


def _blocks(part: str) -> Iterator[Block]:
    found = _PART.fullmatch(part)
    if found is None or found[3] >= found[4]:
        raise Invalid(FieldError("?hours", "are days and times such as mon-fri 09:00-17:00, sat 10:00-14:00"))
    first = DAYS.index(found[1])
    last = DAYS.index(found[2] or found[1])
    yield from (Block(DAYS[(first + n) % 7], found[3], found[4]) for n in range((last - first) % 7 + 1))
