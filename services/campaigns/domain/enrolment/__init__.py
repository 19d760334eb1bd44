"""Enrolment: one person in one journey; active, exited or completed, and perhaps again in a new cycle."""

from services.campaigns.domain.enrolment.commands import (
    AdvanceStep,
    Enroll,
    ExitEnrollment,
    NoteSignal,
    SkipStep,
)
from services.campaigns.domain.enrolment.decide import decide, enrolment_id
from services.campaigns.domain.enrolment.events import (
    ContactEnrolled,
    EnrollmentCompleted,
    EnrollmentExited,
    SignalNoted,
    StepReached,
    StepSkipped,
)
from services.campaigns.domain.enrolment.state import Enrolment, evolve, summary, timers
from shared.decide.decider import Decider
from shared.decide.facts import Facts

ENROLMENT: Decider[Enrolment] = Decider(
    category="enrolment",
    service="campaigns",
    initial=Enrolment(),
    decide=decide,
    evolve=evolve,
    events=(
        ContactEnrolled,
        StepReached,
        StepSkipped,
        SignalNoted,
        EnrollmentExited,
        EnrollmentCompleted,
    ),
    commands={"enroll": Enroll, "advance": AdvanceStep, "skip": SkipStep, "exit": ExitEnrollment},
    timers=timers,
    summary=summary,
    filters=("journey_id", "status"),
    facts={Enroll: Facts("journey", lambda _, c: [("journey", c.journey_id)], lambda states: states[0])},
)

__all__ = [
    "ENROLMENT",
    "AdvanceStep",
    "ContactEnrolled",
    "Enroll",
    "EnrollmentCompleted",
    "EnrollmentExited",
    "Enrolment",
    "ExitEnrollment",
    "NoteSignal",
    "SignalNoted",
    "SkipStep",
    "StepReached",
    "StepSkipped",
    "enrolment_id",
]
