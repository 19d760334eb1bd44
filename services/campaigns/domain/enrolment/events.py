"""What happens to one person in one journey."""

from dataclasses import dataclass
from datetime import datetime

from services.campaigns.domain.journey.steps import Kind, Signal, Steps
from shared.values import Code, Id, Positive


@dataclass(frozen=True, slots=True)
class ContactEnrolled:
    """The person begins the journey; `steps` are those of its version, which stays (M-9)."""

    enrolment_id: Id
    journey_id: Id
    contact_id: Id
    cycle: Positive
    version: Positive
    campaign_id: Id
    purpose: Code
    steps: Steps


@dataclass(frozen=True, slots=True)
class StepReached:
    """The person is at this step; a wait lasts `until`, a `send` has a message queued."""

    enrolment_id: Id
    journey_id: Id
    contact_id: Id
    campaign_id: Id
    cycle: Positive
    purpose: Code
    step: Code
    kind: Kind
    template_id: Id | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """The rest of a step was left out."""

    enrolment_id: Id
    step: Code
    reason: Code


@dataclass(frozen=True, slots=True)
class SignalNoted:
    """The person did something that branches ask for."""

    enrolment_id: Id
    signal: Signal


@dataclass(frozen=True, slots=True)
class EnrollmentExited:
    """The person left the journey before its end."""

    enrolment_id: Id
    cycle: Positive
    reason: Code


@dataclass(frozen=True, slots=True)
class EnrollmentCompleted:
    """The person came to the end."""

    enrolment_id: Id
    cycle: Positive
