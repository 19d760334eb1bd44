"""Journey: steps that are published in versions; people who are in one have an enrolment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.campaigns.domain.journey.steps import Steps, wrong
from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Code, Id, Positive


@dataclass(frozen=True, slots=True)
class PublishJourney:
    """Publish a journey, or its next version; who is on the way keeps the version of the start (M-9).

    Its messages belong to a campaign, and leave while that campaign runs. Who enters the segment
    `enter_on_segment` begins it by itself; who leaves that, leaves the journey if `exit_on_segment_exit`.
    """

    journey_id: Id
    campaign_id: Id
    steps: Steps
    purpose: Code = "marketing"
    reentry: bool = False
    enter_on_segment: Id | None = None
    exit_on_segment_exit: bool = False


@dataclass(frozen=True, slots=True)
class RetireJourney:
    """Enrol nobody any more; who is on the way goes on."""

    journey_id: Id


@dataclass(frozen=True, slots=True)
class JourneyPublished:
    """A version of the journey."""

    journey_id: Id
    version: Positive
    campaign_id: Id
    steps: Steps
    purpose: Code
    reentry: bool
    enter_on_segment: Id | None = None
    exit_on_segment_exit: bool = False


@dataclass(frozen=True, slots=True)
class JourneyRetired:
    """The journey takes nobody any more."""

    journey_id: Id


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey and its version in force."""

    status: Literal["unknown", "published", "retired"] = "unknown"
    current: JourneyPublished | None = None


def decide(journey: Journey, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if isinstance(command, PublishJourney):
        return _publish(journey, command)
    if journey.current is None:
        raise NotFound(f"journey {command.journey_id} is not known")
    return [JourneyRetired(command.journey_id)] if journey.status == "published" else []


def _publish(journey: Journey, command: PublishJourney) -> list[Any]:
    if journey.status == "retired":
        raise Conflict(f"journey {command.journey_id} is retired")
    if errors := list(wrong(command.steps)):
        raise Invalid(*errors)
    if command.exit_on_segment_exit and command.enter_on_segment is None:
        raise Invalid(FieldError("/exit_on_segment_exit", "needs enter_on_segment"))
    segment = (command.enter_on_segment, command.exit_on_segment_exit)
    content = (command.campaign_id, command.steps, command.purpose, command.reentry, *segment)
    number = journey.current.version if journey.current else 0
    if journey.current == JourneyPublished(command.journey_id, number, *content):
        return []
    return [JourneyPublished(command.journey_id, number + 1, *content)]


def evolve(journey: Journey, event: Any) -> Journey:
    """Return the journey after the event."""
    if isinstance(event, JourneyPublished):
        return Journey("published", event)
    return replace(journey, status="retired")


def summary(journey: Journey) -> Mapping[str, Any] | None:
    """Return the line of the journey in lists."""
    if journey.current is None:
        return None
    said = journey.current
    segment = {"enter_on_segment": said.enter_on_segment, "exit_on_segment_exit": said.exit_on_segment_exit}
    return {"status": journey.status, "journey_version": said.version, **segment}


JOURNEY = Decider(
    category="journey",
    service="campaigns",
    initial=Journey(),
    decide=decide,
    evolve=evolve,
    events=(JourneyPublished, JourneyRetired),
    commands={"publish": PublishJourney, "retire": RetireJourney},
    opens=(PublishJourney,),
    summary=summary,
    filters=("status", "enter_on_segment"),
)
