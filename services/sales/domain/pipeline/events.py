"""What can be said of a pipeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.sales.domain.probability import Probability
from shared.values import Code, Text, Whole

StageType = Literal["open", "won", "lost"]


@dataclass(frozen=True, slots=True)
class PipelineDefined:
    """There is a pipeline of this name."""

    pipeline_id: Code
    name: Text


@dataclass(frozen=True, slots=True)
class StageAdded:
    """The pipeline has one more stage."""

    pipeline_id: Code
    stage: Code
    order: Whole
    type: StageType
    probability: Probability


@dataclass(frozen=True, slots=True)
class StageProbabilityRevised:
    """From this moment on deals that enter the stage get another probability."""

    pipeline_id: Code
    stage: Code
    probability_from: Probability
    probability_to: Probability
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class StageRetired:
    """No deal enters this stage any more."""

    pipeline_id: Code
    stage: Code
    move_to: Code | None = None


EVENTS: tuple[type, ...] = (PipelineDefined, StageAdded, StageProbabilityRevised, StageRetired)
