"""Segment: whom a rule picks; defined, revised by versions, retired."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from shared.decide.decider import Decider
from shared.errors import Conflict, Invalid, NotFound
from shared.segments import wrong
from shared.values import Id, Length, Positive, Text

Rule = dict[str, Any]
Name = Annotated[str, Length(1, 200)]


@dataclass(frozen=True, slots=True)
class DefineSegment:
    """Define a segment by a rule."""

    segment_id: Id
    name: Name
    rule: Rule
    value_proposition: Text | None = None


@dataclass(frozen=True, slots=True)
class ReviseSegment:
    """Give the segment another rule: its next version."""

    segment_id: Id
    rule: Rule


@dataclass(frozen=True, slots=True)
class RetireSegment:
    """Use the segment no more; what was frozen from it stands."""

    segment_id: Id


@dataclass(frozen=True, slots=True)
class SegmentDefined:
    """There is a segment, at version 1."""

    segment_id: Id
    name: Name
    version: Positive
    rule: Rule
    value_proposition: Text | None = None


@dataclass(frozen=True, slots=True)
class SegmentRuleRevised:
    """The segment has another rule; earlier versions stay readable."""

    segment_id: Id
    version: Positive
    rule: Rule


@dataclass(frozen=True, slots=True)
class SegmentRetired:
    """The segment is out of use."""

    segment_id: Id


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment and the rule in force."""

    status: Literal["unknown", "active", "retired"] = "unknown"
    name: str = ""
    version: int = 0
    rule: Mapping[str, Any] | None = None
    value_proposition: str | None = None


def decide(segment: Segment, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    match command:
        case DefineSegment(key, name, rule, proposition):
            _check(rule)
            if segment.status == "unknown":
                return [SegmentDefined(key, name, 1, rule, proposition)]
            if (segment.name, segment.rule, segment.value_proposition) == (name, rule, proposition):
                return []
            raise Conflict(f"segment {key} is defined already; revise it")
        case _ if segment.status == "unknown":
            raise NotFound(f"segment {command.segment_id} is not known")
        case RetireSegment(key):
            return [SegmentRetired(key)] if segment.status == "active" else []
    return _revise(segment, command)


def _revise(segment: Segment, command: ReviseSegment) -> list[Any]:
    if segment.status == "retired":
        raise Conflict(f"segment {command.segment_id} is retired")
    _check(command.rule)
    if command.rule == segment.rule:
        return []
    return [SegmentRuleRevised(command.segment_id, segment.version + 1, command.rule)]


def _check(rule: Rule) -> None:
    if errors := list(wrong(rule)):
        raise Invalid(*errors[:100])


def evolve(segment: Segment, event: Any) -> Segment:
    """Return the segment after the event."""
    match event:
        case SegmentDefined(_, name, version, rule, proposition):
            return Segment("active", name, version, rule, proposition)
        case SegmentRuleRevised(_, version, rule):
            return replace(segment, version=version, rule=rule)
    return replace(segment, status="retired")


def summary(segment: Segment) -> Mapping[str, Any]:
    """Return the line of the segment in lists."""
    return {"name": segment.name, "status": segment.status, "segment_version": segment.version}


SEGMENT = Decider(
    category="segment",
    service="campaigns",
    initial=Segment(),
    decide=decide,
    evolve=evolve,
    events=(SegmentDefined, SegmentRuleRevised, SegmentRetired),
    commands={"define": DefineSegment, "revise": ReviseSegment, "retire": RetireSegment},
    opens=(DefineSegment,),
    summary=summary,
    filters=("status",),
)
