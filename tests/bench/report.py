"""What a measure found: readings, their ratios to the limit, and the goals they are held against. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Reading:
    """The values of one contender, one per repeat."""

    name: str
    samples: tuple[float, ...]

    @property
    def value(self) -> float:
        """The median: a repeat disturbed by the machine does not count."""
        return median(self.samples)

    @property
    def spread(self) -> float:
        """Distance from lowest to highest as a share of the median: how far to trust the value."""
        return (max(self.samples) - min(self.samples)) / self.value if self.value else 0.0


@dataclass(frozen=True)
class Goal:
    """A number and the bound it must not cross."""

    says: str
    found: float
    bound: float
    at_least: bool = True
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether the number is on the right side of the bound, or on it."""
        return self.found >= self.bound if self.at_least else self.found <= self.bound

    @property
    def verdict(self) -> str:
        """The word that goes into the table."""
        return "reached" if self.reached else "missed"


@dataclass(frozen=True)
class Report:
    """Readings in one unit; `limit` names the one the others are compared with."""

    measure: str
    unit: str
    readings: tuple[Reading, ...]
    goals: tuple[Goal, ...] = ()
    limit: str | None = None
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Reading:
        return next(reading for reading in self.readings if reading.name == name)

    def ratio(self, name: str, other: str | None = None) -> float | None:
        """Return how many times the value of `other` (the limit unless given) a reading is."""
        base = other or self.limit
        if base is None or not self[base].value:
            return None
        return self[name].value / self[base].value

    def as_data(self) -> dict[str, Any]:
        """Return the report for a JSON file."""
        data = asdict(self)
        for reading, kept in zip(self.readings, data["readings"], strict=True):
            kept |= {"value": reading.value, "spread": reading.spread, "ratio": self.ratio(reading.name)}
        for goal, kept in zip(self.goals, data["goals"], strict=True):
            kept["reached"] = goal.reached
        return data


def share(readings: Sequence[Reading], ours: str, limit: str, bound: float, says: str = "") -> Goal:
    """Return the goal that `ours` reaches at least this share of `limit`."""
    values = {reading.name: reading.value for reading in readings}
    return Goal(says or f"at least {bound:.0%} of {limit}", values[ours] / values[limit], bound)


def times(readings: Sequence[Reading], ours: str, other: str, bound: float) -> Goal:
    """Return the goal that `ours` is at least `bound` times as fast as `other`."""
    values = {reading.name: reading.value for reading in readings}
    found = values[ours] / values[other]
    return Goal(f"at least {bound:g} times {other}", found, bound, unit="times")


def at_most(says: str, found: float, bound: float, unit: str) -> Goal:
    """Return the goal that a number stays below a bound."""
    return Goal(says, found, bound, at_least=False, unit=unit)
