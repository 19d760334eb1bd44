"""Which day cells lie wholly within a question, and which days have to be read fact by fact."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.analytics.metrics.question import Question
from services.analytics.views.facts import day_of

_NEVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Half-open bounds on both clocks; None is unbounded."""

    since: datetime | None
    end: datetime
    learned: datetime | None

    def holds(self, at: datetime, recorded_at: datetime) -> bool:
        """Tell whether a fact of these moments counts."""
        if at >= self.end or (self.since is not None and at < self.since):
            return False
        return self.learned is None or recorded_at < self.learned

    def whole(self, day: str, recorded: str) -> bool:
        """Tell whether every fact of a day, recorded on that day, counts."""
        first = "" if self.since is None else _day_from(self.since)
        known = _NEVER if self.learned is None else day_of(self.learned)
        return first <= day < day_of(self.end) and recorded < known

    def edges(self) -> tuple[list[str], str | None]:
        """Return the days that happened in part, and the day that was recorded in part."""
        days = [day_of(m) for m in (self.since, self.end) if m is not None and not _midnight(m)]
        learned = self.learned
        return sorted(set(days)), day_of(learned) if learned and not _midnight(learned) else None


def bounds_of(question: Question, *, since_ever: bool = False) -> Bounds:
    """Return the bounds of a question's window, or of everything up to its end."""
    known_at = question.until.known_at
    since = None if since_ever else question.window.since
    return Bounds(since, question.end, known_at + timedelta(microseconds=1) if known_at else None)


def _midnight(moment: datetime) -> bool:
    local = moment.astimezone(UTC)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def _day_from(moment: datetime) -> str:
    return day_of(moment if _midnight(moment) else moment + timedelta(days=1))
