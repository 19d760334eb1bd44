"""What may be asked of an enrolment."""

from dataclasses import dataclass, field
from datetime import datetime

from services.campaigns.domain.journey import Journey
from services.campaigns.domain.journey.steps import Signal
from shared.values import FILLED, Code, Id, Positive


@dataclass(frozen=True, slots=True)
class Enroll:
    """Let a person begin a journey; the id is `<journey>.<contact>`.

    A person who has been through it begins anew under the next `cycle`, if the journey allows that (M-9).
    """

    enrolment_id: Id
    journey_id: Id
    customer: Id
    at: datetime
    cycle: Positive | None = None
    journey: Journey | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class AdvanceStep:
    """Do not wait any longer: go on to the next step."""

    enrolment_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class SkipStep:
    """Leave out the rest of the present step, and say why."""

    enrolment_id: Id
    reason: Code
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteSignal:
    """The person did something; who replies leaves: a person answers from here on."""

    enrolment_id: Id
    signal: Signal


@dataclass(frozen=True, slots=True)
class ExitEnrollment:
    """Let the person leave the journey; with a `purpose`, if the journey serves that or it is `all`."""

    enrolment_id: Id
    reason: Code
    purpose: Code | None = None
