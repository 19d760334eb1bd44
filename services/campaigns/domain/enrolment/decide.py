"""How a person goes through a journey."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from services.campaigns.domain.enrolment.commands import (
    AdvanceStep,
    Enroll,
    ExitEnrollment,
    NoteSignal,
    SkipStep,
)
from services.campaigns.domain.enrolment.events import (
    ContactEnrolled,
    EnrollmentCompleted,
    EnrollmentExited,
    SignalNoted,
    StepReached,
    StepSkipped,
)
from services.campaigns.domain.enrolment.state import Enrolment
from services.campaigns.domain.journey import JourneyPublished
from services.campaigns.domain.journey.steps import following
from shared.decide.decider import Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound

ALL = "all"


def enrolment_id(journey_id: str, contact_id: str) -> str:
    """Return the id of a person's enrolment in a journey."""
    return f"{journey_id}.{contact_id}"


def decide(enrolment: Enrolment, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, Enroll):
        return _enroll(enrolment, command)
    begun = enrolment.begun
    if begun is None:
        raise NotFound(f"enrolment {command.enrolment_id} is not known")
    if enrolment.status != "active":
        return []
    match command:
        case ExitEnrollment(key, reason, purpose):
            meant = purpose in (None, ALL, begun.purpose)
            return [EnrollmentExited(key, begun.cycle, reason)] if meant else []
        case NoteSignal(key, signal):
            noted = [] if signal in enrolment.signals else [SignalNoted(key, signal)]
            left = [EnrollmentExited(key, begun.cycle, "replied")] if signal == "replied" else []
            return [*noted, *left]
        case SkipStep(key, reason, at):
            skipped = StepSkipped(key, begun.steps[enrolment.index].name, reason)
            return [skipped, *_walk(enrolment, begun, at)]
        case AdvanceStep(at=at) | Elapsed(at=at):
            return list(_walk(enrolment, begun, at))
    raise TypeError(f"an enrolment does not know {type(command).__name__}")


def _enroll(enrolment: Enrolment, command: Enroll) -> list[Any]:
    published = command.journey.current if command.journey else None
    if published is None or command.journey is None or command.journey.status != "published":
        raise NotFound(f"journey {command.journey_id} is not published")
    if command.enrolment_id != enrolment_id(command.journey_id, command.customer):
        raise Invalid(FieldError("/id", "needs to be <journey>.<contact>"))
    cycle = _cycle(enrolment, command, published)
    if cycle is None:
        return []
    begun = ContactEnrolled(
        command.enrolment_id,
        command.journey_id,
        command.customer,
        cycle,
        published.version,
        published.campaign_id,
        published.purpose,
        published.steps,
    )
    return [begun, *_walk(Enrolment("active", begun), begun, command.at)]


def _cycle(enrolment: Enrolment, command: Enroll, published: JourneyPublished) -> int | None:
    """Return the cycle that begins; None when the person is, or has been, in it (M-9)."""
    last = enrolment.begun.cycle if enrolment.begun else 0
    wanted = command.cycle or last + 1
    if enrolment.status == "active" or wanted <= last:
        return None
    if wanted != last + 1:
        raise Conflict(f"the next cycle is {last + 1}, not {wanted}")
    if last and not published.reentry:
        if command.cycle is None:
            return None
        raise Conflict(f"journey {command.journey_id} allows no second time")
    return wanted


def _walk(enrolment: Enrolment, begun: ContactEnrolled, at: datetime) -> Iterator[Any]:
    """Yield the steps from the present one on, up to the next wait or the end."""
    steps, index = begun.steps, enrolment.index
    while True:
        index = 0 if index < 0 else following(steps, index, enrolment.signals)
        if index >= len(steps):
            yield EnrollmentCompleted(begun.enrolment_id, begun.cycle)
            return
        step = steps[index]
        until = at + timedelta(seconds=step.seconds or 0) if step.kind == "wait" else None
        yield _reached(begun, step.name, step.kind, step.template_id, until)
        if step.kind == "exit":
            yield EnrollmentExited(begun.enrolment_id, begun.cycle, step.reason or "exit")
        if step.kind in ("wait", "exit"):
            return


def _reached(begun: ContactEnrolled, *step: Any) -> StepReached:
    person = (begun.enrolment_id, begun.journey_id, begun.contact_id, begun.campaign_id)
    return StepReached(*person, begun.cycle, begun.purpose, *step)
