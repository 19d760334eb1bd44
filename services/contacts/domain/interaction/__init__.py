"""Interaction: one contact with a customer in the front office, in any channel, and what follows it."""

from services.contacts.domain.interaction import commands as c
from services.contacts.domain.interaction import events as e
from services.contacts.domain.interaction.commands import RecordInteraction, ScheduleFollowUp
from services.contacts.domain.interaction.decide import decide
from services.contacts.domain.interaction.state import Interaction, evolve, summary, timers
from shared.decide.decider import Decider
from shared.decide.facts import Facts
from shared.vocabulary import CATEGORY as VOCABULARY

INTERACTION: Decider[Interaction] = Decider(
    category="interaction",
    service="contacts",
    initial=Interaction(),
    decide=decide,
    evolve=evolve,
    events=(
        e.InteractionRecorded,
        e.InteractionCorrected,
        e.InteractionReassigned,
        e.FollowUpScheduled,
        e.FollowUpClaimed,
        e.FollowUpFellOverdue,
        e.FollowUpCompleted,
        e.FollowUpCancelled,
    ),
    commands={
        "record": c.RecordInteraction,
        "correct": c.CorrectInteraction,
        "reassign": c.ReassignInteraction,
        "schedule-follow-up": c.ScheduleFollowUp,
        "claim-follow-up": c.ClaimFollowUp,
        "complete-follow-up": c.CompleteFollowUp,
        "cancel-follow-up": c.CancelFollowUp,
    },
    opens=(RecordInteraction,),
    facts={
        RecordInteraction: Facts(
            "kinds",
            lambda _, c: [] if c.kind in e.BUILT_IN else [(VOCABULARY, e.KINDS)],
            lambda found: (found[0].codes or ()) if found else (),
        )
    },
    timers=timers,
    summary=summary,
    filters=("status", "owner"),
)

__all__ = ["INTERACTION", "Interaction", "RecordInteraction", "ScheduleFollowUp"]
