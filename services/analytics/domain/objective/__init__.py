"""Objective: a metric, its measured baseline, a target with a deadline, and how it is judged."""

from services.analytics.domain.objective.commands import (
    AbandonObjective,
    EvaluateObjective,
    ReviseObjective,
    SetObjective,
)
from services.analytics.domain.objective.decide import decide, judged
from services.analytics.domain.objective.events import (
    EVENTS,
    ObjectiveClosed,
    ObjectiveEvaluated,
    ObjectiveRevised,
    ObjectiveSet,
    Target,
)
from services.analytics.domain.objective.state import Objective, end_of, evolve, summary
from shared.decide.decider import Decider

OBJECTIVE = Decider(
    category="objective",
    service="analytics",
    initial=Objective(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={
        "set": SetObjective,
        "revise": ReviseObjective,
        "evaluate": EvaluateObjective,
        "abandon": AbandonObjective,
    },
    opens=(SetObjective,),
    summary=summary,
    filters=("status", "owner", "group"),
)

__all__ = [
    "OBJECTIVE",
    "AbandonObjective",
    "EvaluateObjective",
    "Objective",
    "ObjectiveClosed",
    "ObjectiveEvaluated",
    "ObjectiveRevised",
    "ObjectiveSet",
    "ReviseObjective",
    "SetObjective",
    "Target",
    "end_of",
    "judged",
]
