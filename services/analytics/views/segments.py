"""The segments that campaigns has defined, every version of their rules, as the journal tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.analytics.views.latest import State
from shared.events import Event
from shared.project.entry import Until
from shared.project.projection import Projection
from shared.segments.language import conditions

DEMOGRAPHICS = "demographics."


@dataclass(frozen=True, slots=True)
class Version:
    """One rule of a segment."""

    number: int
    rule: Mapping[str, Any]
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment, oldest version first."""

    id: str
    name: str
    status: str
    versions: tuple[Version, ...]
    value_proposition: str | None = None

    @property
    def current(self) -> Version:
        """The version in force."""
        return self.versions[-1]

    def version(self, number: int | None, until: Until) -> Version | None:
        """Return a version by its number, or the one in force within the bounds; None when there was none."""
        if number is not None:
            return next((v for v in self.versions if v.number == number), None)
        known = [v for v in self.versions if until.holds(v.at, v.recorded_at)]
        return known[-1] if known else None


def project(view: State | None, event: Event) -> dict[str, Any]:
    """Follow the stream of a segment."""
    data, known = event.data, dict(view or {"versions": [], "status": "active", "name": ""})
    if event.type == "SegmentRetired":
        return {**known, "status": "retired"}
    version = {"number": data["version"], "rule": data["rule"], "at": event.occurred_at}
    known["versions"] = [*known["versions"], {**version, "recorded_at": event.recorded_at}]
    if event.type == "SegmentDefined":
        known |= {"name": data["name"], "value_proposition": data.get("value_proposition")}
    return known


def segment_of(view: State) -> Segment:
    """Return the segment of a stored view."""
    versions = tuple(Version(**version) for version in view["versions"])
    return Segment(view["_id"], view["name"], view["status"], versions, view.get("value_proposition"))


def asked_of(rules: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the fields of the profile that rules ask for."""
    facts = (condition["fact"] for rule in rules for condition in conditions(rule))
    return frozenset(f.removeprefix(DEMOGRAPHICS) for f in facts if f.startswith(DEMOGRAPHICS))


DEFINED = frozenset({"SegmentDefined", "SegmentRuleRevised", "SegmentRetired"})
SEGMENTS = Projection("segments", 1, DEFINED, project, lambda event: event.data["segment_id"])
