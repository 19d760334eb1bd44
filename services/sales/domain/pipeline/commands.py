"""What may be asked of a pipeline."""

from dataclasses import dataclass
from datetime import datetime

from services.sales.domain.pipeline.events import StageType
from services.sales.domain.probability import Probability
from shared.values import Code, Text, Whole


@dataclass(frozen=True, slots=True)
class DefinePipeline:
    """Define a pipeline; it becomes active with its first open stage."""

    pipeline_id: Code
    name: Text


@dataclass(frozen=True, slots=True)
class AddStage:
    """Add a stage; those of type won and lost are entered by winning and losing."""

    pipeline_id: Code
    stage: Code
    order: Whole
    type: StageType = "open"
    probability: Probability | None = None


@dataclass(frozen=True, slots=True)
class ReviseStageProbability:
    """Say anew how likely deals in a stage are won; past events keep what was in force (S-7)."""

    pipeline_id: Code
    stage: Code
    probability: Probability
    at: datetime
    effective_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetireStage:
    """Let no more deals enter a stage (S-8); `move_to` tells where those in it belong."""

    pipeline_id: Code
    stage: Code
    move_to: Code | None = None
