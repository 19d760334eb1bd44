"""Initiative: a remedy that is tried, step by step, and measured against what it should move."""

from services.analytics.domain.initiative.commands import (
    Comparison,
    CompleteStep,
    EndInitiative,
    EvaluateInitiative,
    StartInitiative,
)
from services.analytics.domain.initiative.decide import decide
from services.analytics.domain.initiative.events import (
    EVENTS,
    InitiativeEnded,
    InitiativeEvaluated,
    InitiativeStarted,
    InitiativeStepCompleted,
    InitiativeStepLate,
    PlannedStep,
)
from services.analytics.domain.initiative.state import Initiative, evolve, roi, step_lines, summary, timers
from shared.decide.decider import Decider

INITIATIVE = Decider(
    category="initiative",
    service="analytics",
    initial=Initiative(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={
        "start": StartInitiative,
        "complete-step": CompleteStep,
        "evaluate": EvaluateInitiative,
        "end": EndInitiative,
    },
    opens=(StartInitiative,),
    timers=timers,
    summary=summary,
    filters=("status", "owner", "objective_id", "late"),
)

__all__ = [
    "INITIATIVE",
    "Comparison",
    "CompleteStep",
    "EndInitiative",
    "EvaluateInitiative",
    "Initiative",
    "InitiativeEnded",
    "InitiativeEvaluated",
    "InitiativeStarted",
    "InitiativeStepCompleted",
    "InitiativeStepLate",
    "PlannedStep",
    "StartInitiative",
    "roi",
    "step_lines",
]
