"""An interaction as its events leave it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.contacts.domain.interaction import events as e


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done, by whom, until when."""

    due_at: datetime
    purpose: str
    owner: str | None = None
    status: Literal["due", "overdue", "done", "cancelled"] = "due"
    claimed: bool = False

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in ("due", "overdue")


@dataclass(frozen=True, slots=True)
class Interaction:
    """Whether it is recorded, the contact it was given to by hand, and what follows."""

    recorded: bool = False
    interaction_id: str = ""
    contact: str | None = None
    follow_up: FollowUp | None = None
    corrections: int = 0


def evolve(known: Interaction, event: Any) -> Interaction:
    """Return the interaction after the event."""
    match event:
        case e.InteractionRecorded(interaction_id=key):
            return replace(known, recorded=True, interaction_id=key)
        case e.InteractionCorrected():
            return replace(known, corrections=known.corrections + 1)
        case e.InteractionReassigned(to_contact=contact):
            return replace(known, contact=contact)
        case e.FollowUpScheduled(due_at=due, purpose=purpose, owner=owner):
            return replace(known, follow_up=FollowUp(due, purpose, owner))
        case _:
            return replace(known, follow_up=known.follow_up and _moved(known.follow_up, event))


def _moved(follow_up: FollowUp, event: Any) -> FollowUp:
    match event:
        case e.FollowUpClaimed(owner=owner):
            return replace(follow_up, owner=owner, claimed=True)
        case e.FollowUpFellOverdue():
            return replace(follow_up, status="overdue")
        case e.FollowUpCompleted():
            return replace(follow_up, status="done")
        case _:
            return replace(follow_up, status="cancelled")


def timers(known: Interaction) -> Mapping[str, datetime]:
    """A follow-up that is due falls overdue."""
    waiting = known.follow_up and known.follow_up.status == "due"
    return {"overdue": known.follow_up.due_at} if known.follow_up and waiting else {}


def summary(known: Interaction) -> Mapping[str, Any] | None:
    """Return the line of an interaction that something follows."""
    if known.follow_up is None:
        return None
    return {
        "status": known.follow_up.status,
        "owner": known.follow_up.owner,
        "due_at": known.follow_up.due_at,
        "purpose": known.follow_up.purpose,
        "claimed": known.follow_up.claimed,
    }
