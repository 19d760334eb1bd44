"""Pipeline: the stages deals pass, and how likely a deal in each is won. Draft, active, retired."""

from services.sales.domain.pipeline.commands import (
    AddStage,
    DefinePipeline,
    RetireStage,
    ReviseStageProbability,
)
from services.sales.domain.pipeline.decide import decide
from services.sales.domain.pipeline.events import (
    EVENTS,
    PipelineDefined,
    StageAdded,
    StageProbabilityRevised,
    StageRetired,
)
from services.sales.domain.pipeline.state import Pipeline, evolve, summary
from shared.decide.decider import Decider

PIPELINE = Decider(
    category="pipeline",
    service="sales",
    initial=Pipeline(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    commands={
        "define": DefinePipeline,
        "add-stage": AddStage,
        "revise-probability": ReviseStageProbability,
        "retire-stage": RetireStage,
    },
    summary=summary,
    filters=("status",),
)

__all__ = [
    "PIPELINE",
    "AddStage",
    "DefinePipeline",
    "Pipeline",
    "PipelineDefined",
    "RetireStage",
    "ReviseStageProbability",
    "StageAdded",
    "StageProbabilityRevised",
    "StageRetired",
]
