"""What happened in an interaction, and what is left to be done after it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.values import Code, Id, Secret, Text, Whole

BUILT_IN = (
    "page_view",
    "screen_view",
    "identification",
    "call",
    "visit",
    "message",
    "chat",
    "mention",
    "billing",
    "note",
)
KINDS = "interaction-kind"  # the vocabulary of the kinds that are declared beside those


@dataclass(frozen=True, slots=True)
class InteractionRecorded:
    """It happened; `kind` is built in or declared, `place` the page, screen, store, network or document.

    `load_ms` is how long the page or screen took to be there.
    """

    interaction_id: Id
    kind: str
    direction: Literal["in", "out", "none"]
    handler: Id | None = None
    duration_s: Whole | None = None
    outcome: Code | None = None
    regarding: Id | None = None
    subject: Secret | None = None
    place: Text | None = None
    load_ms: Whole | None = None


@dataclass(frozen=True, slots=True)
class InteractionCorrected:
    """What was recorded was wrong; the fields named read so instead."""

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
class InteractionReassigned:
    """It was with another customer."""

    interaction_id: Id
    to_contact: Id
    from_contact: Id | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class FollowUpScheduled:
    """Somebody shall do something about it until then; without an owner anybody may claim it."""

    interaction_id: Id
    due_at: datetime
    purpose: Text
    owner: Id | None = None


@dataclass(frozen=True, slots=True)
class FollowUpClaimed:
    """Somebody does it."""

    interaction_id: Id
    owner: Id


@dataclass(frozen=True, slots=True)
class FollowUpFellOverdue:
    """It was due and is not done."""

    interaction_id: Id
    due_at: datetime
    owner: Id | None = None


@dataclass(frozen=True, slots=True)
class FollowUpCompleted:
    """It is done."""

    interaction_id: Id
    outcome: Code
    owner: Id | None = None


@dataclass(frozen=True, slots=True)
class FollowUpCancelled:
    """It is not needed any more."""

    interaction_id: Id
    reason: Text
