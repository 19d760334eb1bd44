"""What an interaction decides."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from services.contacts.domain.interaction import commands as c
from services.contacts.domain.interaction import events as e
from services.contacts.domain.interaction.state import FollowUp, Interaction
from shared.decide.decider import Elapsed
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.vocabulary import admitted


def record(known: Interaction, command: c.RecordInteraction) -> list[Any]:
    """An interaction is recorded once; a kind that is not built in is declared before."""
    if known.recorded:
        return []
    if command.kind not in e.BUILT_IN:
        admitted((*e.BUILT_IN, *command.kinds), command.kind, "/kind")
    said = {name: value for name, value in asdict(command).items() if name not in ("customer", "kinds")}
    return [e.InteractionRecorded(**said)]


def correct(_: Interaction, command: c.CorrectInteraction) -> list[Any]:
    """A correction says what is right instead; the record stays."""
    said = asdict(command)
    if not any(value is not None for name, value in said.items() if name not in ("interaction_id", "reason")):
        raise Invalid(FieldError("", "names nothing that is to be corrected"))
    return [e.InteractionCorrected(**said)]


def reassign(known: Interaction, command: c.ReassignInteraction) -> list[Any]:
    """It is given to one contact at a time."""
    if known.contact == command.to_contact:
        return []
    said = (command.interaction_id, command.to_contact, known.contact, command.reason)
    return [e.InteractionReassigned(*said)]


def schedule(known: Interaction, command: c.ScheduleFollowUp) -> list[Any]:
    """One follow-up at a time; it may be moved while it is open."""
    wanted = FollowUp(command.due_at, command.purpose, command.owner)
    if known.follow_up == wanted:
        return []
    said = (command.interaction_id, command.due_at, command.purpose, command.owner)
    return [e.FollowUpScheduled(*said)]


def claim(known: Interaction, command: c.ClaimFollowUp) -> list[Any]:
    """Who claims first has it."""
    follow_up = _open(known)
    if follow_up.claimed and follow_up.owner != command.owner:
        raise Conflict(f"{follow_up.owner} does it already")
    return [] if follow_up.claimed else [e.FollowUpClaimed(command.interaction_id, command.owner)]


def complete(known: Interaction, command: c.CompleteFollowUp) -> list[Any]:
    """Done once."""
    if known.follow_up and known.follow_up.status == "done":
        return []
    return [e.FollowUpCompleted(command.interaction_id, command.outcome, _open(known).owner)]


def cancel(known: Interaction, command: c.CancelFollowUp) -> list[Any]:
    """Cancelled once, and never what is done."""
    if known.follow_up and known.follow_up.status == "cancelled":
        return []
    _open(known)
    return [e.FollowUpCancelled(command.interaction_id, command.reason)]


def elapsed(known: Interaction, command: Elapsed) -> list[Any]:
    """What is due and not done falls overdue, once."""
    follow_up = known.follow_up
    if follow_up is None or follow_up.status != "due" or follow_up.due_at != command.at:
        return []
    return [e.FollowUpFellOverdue(known.interaction_id, follow_up.due_at, follow_up.owner)]


def _open(known: Interaction) -> FollowUp:
    if known.follow_up is None:
        raise NotFound("no follow-up was scheduled")
    if not known.follow_up.open:
        raise Conflict(f"the follow-up is {known.follow_up.status}")
    return known.follow_up


DECIDE: dict[type, Callable[[Interaction, Any], list[Any]]] = {
    c.RecordInteraction: record,
    c.CorrectInteraction: correct,
    c.ReassignInteraction: reassign,
    c.ScheduleFollowUp: schedule,
    c.ClaimFollowUp: claim,
    c.CompleteFollowUp: complete,
    c.CancelFollowUp: cancel,
    Elapsed: elapsed,
}


def decide(known: Interaction, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if not known.recorded and not isinstance(command, c.RecordInteraction | Elapsed):
        raise NotFound(f"there is no interaction {command.interaction_id}")
    return DECIDE[type(command)](known, command)
