"""What may be asked about an interaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.values import FILLED, Code, Id, Secret, Text, Whole


@dataclass(frozen=True, slots=True)
class RecordInteraction:
    """Record a call, a visit, a message or another contact with a customer; `customer` says with whom.

    Beside the built-in kinds those of the vocabulary `interaction-kind` are taken, such as bids and courses.
    """

    interaction_id: Id
    kind: Code
    direction: Literal["in", "out", "none"] = "in"
    handler: Id | None = None
    duration_s: Whole | None = None
    outcome: Code | None = None
    regarding: Id | None = None
    subject: Secret | None = None
    place: Text | None = None
    load_ms: Whole | None = None
    customer: Id | None = None
    kinds: tuple[str, ...] = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class CorrectInteraction:
    """Correct what was recorded; what is left out stays."""

    interaction_id: Id
    reason: Text
    direction: Literal["in", "out", "none"] | None = None
    handler: Id | None = None
    duration_s: Whole | None = None
    outcome: Code | None = None
    regarding: Id | None = None
    subject: Secret | None = None
    place: Text | None = None


@dataclass(frozen=True, slots=True)
class ReassignInteraction:
    """Say that it was with another customer."""

    interaction_id: Id
    to_contact: Id
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class ScheduleFollowUp:
    """Schedule what is to be done until when; an open follow-up is moved."""

    interaction_id: Id
    due_at: datetime
    purpose: Text
    owner: Id | None = None


@dataclass(frozen=True, slots=True)
class ClaimFollowUp:
    """Take an open follow-up; of two who claim it at once, the second is refused."""

    interaction_id: Id
    owner: Id


@dataclass(frozen=True, slots=True)
class CompleteFollowUp:
    """Say how it ended."""

    interaction_id: Id
    outcome: Code


@dataclass(frozen=True, slots=True)
class CancelFollowUp:
    """Say why it is not needed any more."""

    interaction_id: Id
    reason: Text
